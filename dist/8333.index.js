import{modules as o}from"./shared-6dcc6969.index.js";import{modules as s}from"./shared-bec0b475.index.js";const t=8333,d=[8333],m={...o,...s};export{t as id,d as ids,m as modules};
