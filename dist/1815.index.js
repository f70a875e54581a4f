import{modules as o}from"./shared-b75600b1.index.js";import{modules as s}from"./shared-e3a3f3ab.index.js";const t=1815,d=[1815],m={...o,...s};export{t as id,d as ids,m as modules};
