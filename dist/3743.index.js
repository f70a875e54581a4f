import{modules as o}from"./shared-f1d47330.index.js";const t=3743,e=[3743],r={...o};export{t as id,e as ids,r as modules};
