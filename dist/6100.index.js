import{modules as o}from"./shared-bee836a7.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=6100,d=[6100],m={...o,...s};export{t as id,d as ids,m as modules};
