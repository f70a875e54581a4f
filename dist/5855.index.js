import{modules as o}from"./shared-ac6e4de2.index.js";import{modules as s}from"./shared-b4cb9ffd.index.js";const t=5855,d=[5855],m={...o,...s};export{t as id,d as ids,m as modules};
