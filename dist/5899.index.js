import{modules as o}from"./shared-da53c7a4.index.js";const t=5899,e=[5899],r={...o};export{t as id,e as ids,r as modules};
