import{modules as _}from"./shared-22c30eb1.index.js";const t=1877,p=[1877,4258],a={..._,9791:((d,o,e)=>{e.d(o,{r:()=>s});const s="1.0.0-alpha.1"})};export{t as id,p as ids,a as modules};
