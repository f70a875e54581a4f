import{modules as o}from"./shared-8791814d.index.js";const t=5811,e=[5811],r={...o};export{t as id,e as ids,r as modules};
