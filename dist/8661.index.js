import{modules as o}from"./shared-d5b0bd8b.index.js";const t=8661,e=[8661],r={...o};export{t as id,e as ids,r as modules};
