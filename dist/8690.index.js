import{modules as o}from"./shared-8875acac.index.js";import{modules as s}from"./shared-d6b97b5b.index.js";const t=8690,d=[8690],m={...o,...s};export{t as id,d as ids,m as modules};
