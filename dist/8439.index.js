import{modules as o}from"./shared-b2acc2a3.index.js";const t=8439,e=[8439],r={...o};export{t as id,e as ids,r as modules};
