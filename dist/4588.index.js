import{modules as o}from"./shared-bec0b475.index.js";import{modules as s}from"./shared-ea4fbb6c.index.js";const t=4588,d=[4588],m={...o,...s};export{t as id,d as ids,m as modules};
