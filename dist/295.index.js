import{modules as o}from"./shared-47b9b617.index.js";const t=295,e=[295],r={...o};export{t as id,e as ids,r as modules};
