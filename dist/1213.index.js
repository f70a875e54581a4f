import{modules as o}from"./shared-ee3bad5e.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=1213,d=[1213],m={...o,...s};export{t as id,d as ids,m as modules};
