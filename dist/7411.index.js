import{modules as o}from"./shared-9b705da8.index.js";const t=7411,e=[7411],r={...o};export{t as id,e as ids,r as modules};
