import{modules as o}from"./shared-954971b4.index.js";const t=3743,e=[3743],r={...o};export{t as id,e as ids,r as modules};
