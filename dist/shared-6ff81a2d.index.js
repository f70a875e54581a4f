const m={27639:((u,t,e)=>{e.d(t,{h:()=>c,n:()=>d});var o=e(77598),_=e(37828);const a=3;function c(s,r){const n=[...new Set(r)].sort(),h=()=>(0,o.createHash)("sha256").update(n.join(`
`)).digest("hex").slice(0,12),l=n.length<=a?n.join("+"):`${n.length}+${h()}`;return(0,_.P7)(`refs/heads/glu/${s}/${l}`)}function d(s){return/^refs\/heads\/glu\/([^/]+)\/[^/]+$/.exec(s)?.[1]}})};export{m as modules};
