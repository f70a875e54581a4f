import{modules as o}from"./shared-28d3f38e.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=9052,d=[9052],m={...o,...s};export{t as id,d as ids,m as modules};
