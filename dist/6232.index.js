import{modules as o}from"./shared-bde67e09.index.js";import{modules as s}from"./shared-ffefac96.index.js";const t=6232,d=[6232],m={...o,...s};export{t as id,d as ids,m as modules};
