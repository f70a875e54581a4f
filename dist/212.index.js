import{modules as o}from"./shared-a4eb8bac.index.js";import{modules as s}from"./shared-a51cdccc.index.js";const t=212,d=[212],m={...o,...s};export{t as id,d as ids,m as modules};
