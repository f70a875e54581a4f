import{modules as o}from"./shared-196c1b15.index.js";const t=5977,e=[5977],r={...o};export{t as id,e as ids,r as modules};
