import{modules as o}from"./shared-8875acac.index.js";import{modules as s}from"./shared-bb2ad143.index.js";const t=9995,d=[9995],m={...o,...s};export{t as id,d as ids,m as modules};
