import{modules as o}from"./shared-dc0ddf4d.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=2622,d=[2622],m={...o,...s};export{t as id,d as ids,m as modules};
