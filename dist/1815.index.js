import{modules as o}from"./shared-4b81132f.index.js";import{modules as s}from"./shared-f9fc401f.index.js";const t=1815,d=[1815],m={...o,...s};export{t as id,d as ids,m as modules};
