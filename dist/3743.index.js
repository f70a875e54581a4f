import{modules as o}from"./shared-d75bad16.index.js";const t=3743,e=[3743],r={...o};export{t as id,e as ids,r as modules};
