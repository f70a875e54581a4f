import{modules as o}from"./shared-fe57ff49.index.js";const t=4226,e=[4226],r={...o};export{t as id,e as ids,r as modules};
