import{modules as o}from"./shared-81db3257.index.js";import{modules as s}from"./shared-8875acac.index.js";const t=1931,d=[1931],m={...o,...s};export{t as id,d as ids,m as modules};
