import{modules as o}from"./shared-04840b1e.index.js";import{modules as s}from"./shared-c148dc68.index.js";const t=2799,d=[2799],m={...o,...s};export{t as id,d as ids,m as modules};
