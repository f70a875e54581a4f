import{modules as o}from"./shared-0bacb69c.index.js";import{modules as s}from"./shared-16c48b7b.index.js";const t=2977,d=[2977],m={...o,...s};export{t as id,d as ids,m as modules};
