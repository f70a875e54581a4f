import{modules as o}from"./shared-39e85cea.index.js";import{modules as s}from"./shared-65be404f.index.js";const t=9535,d=[9535],m={...o,...s};export{t as id,d as ids,m as modules};
