import{modules as o}from"./shared-8c4e8343.index.js";const t=295,e=[295],r={...o};export{t as id,e as ids,r as modules};
