import{modules as o}from"./shared-0bacb69c.index.js";import{modules as s}from"./shared-6e30dfac.index.js";const t=4961,d=[4961],m={...o,...s};export{t as id,d as ids,m as modules};
