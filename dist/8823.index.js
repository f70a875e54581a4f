const u=8823,d=[8823],p={58823:((_,t,s)=>{s.d(t,{P:()=>c});function c(){const e=new Map;return(n,r)=>{const o=e.get(n)??r();return e.set(n,o),o}}})};export{u as id,d as ids,p as modules};
