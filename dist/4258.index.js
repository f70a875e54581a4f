import{modules as _}from"./shared-ed5c5f44.index.js";const t=4258,p=[4258],a={..._,9791:((d,o,e)=>{e.d(o,{r:()=>s});const s="1.0.0-alpha.1"})};export{t as id,p as ids,a as modules};
