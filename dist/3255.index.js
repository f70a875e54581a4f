import{modules as o}from"./shared-70e6ac75.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=3255,d=[3255],m={...o,...s};export{t as id,d as ids,m as modules};
