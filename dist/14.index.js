import{modules as o}from"./shared-327f6153.index.js";const t=14,e=[14],r={...o};export{t as id,e as ids,r as modules};
