import{modules as o}from"./shared-e3a3f3ab.index.js";import{modules as s}from"./shared-ee3bad5e.index.js";const t=1213,d=[1213],m={...o,...s};export{t as id,d as ids,m as modules};
