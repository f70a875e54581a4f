import{modules as o}from"./shared-1f51dc85.index.js";import{modules as s}from"./shared-aada7eb3.index.js";const t=2835,d=[2835],m={...o,...s};export{t as id,d as ids,m as modules};
