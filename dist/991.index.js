import{modules as o}from"./shared-53d20202.index.js";const t=991,e=[991],r={...o};export{t as id,e as ids,r as modules};
