import{modules as o}from"./shared-8353ab94.index.js";const t=14,e=[14],r={...o};export{t as id,e as ids,r as modules};
