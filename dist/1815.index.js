import{modules as o}from"./shared-7a8882e3.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=1815,d=[1815],m={...o,...s};export{t as id,d as ids,m as modules};
