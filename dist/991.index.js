import{modules as o}from"./shared-c8748c7f.index.js";const t=991,e=[991],r={...o};export{t as id,e as ids,r as modules};
