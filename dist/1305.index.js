import{modules as o}from"./shared-42c93a6f.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=1305,d=[1305],m={...o,...s};export{t as id,d as ids,m as modules};
