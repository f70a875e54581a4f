import{modules as o}from"./shared-85c583c3.index.js";import{modules as s}from"./shared-a4eb8bac.index.js";const t=1815,d=[1815],m={...o,...s};export{t as id,d as ids,m as modules};
