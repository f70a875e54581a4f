import{modules as o}from"./shared-a4eb8bac.index.js";import{modules as s}from"./shared-b326d590.index.js";const t=2622,d=[2622],m={...o,...s};export{t as id,d as ids,m as modules};
