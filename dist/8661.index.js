import{modules as o}from"./shared-05cf63fd.index.js";const t=8661,e=[8661],r={...o};export{t as id,e as ids,r as modules};
