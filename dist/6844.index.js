import{modules as o}from"./shared-12620138.index.js";const t=6844,e=[6844],r={...o};export{t as id,e as ids,r as modules};
