const C={70828:((T,_,$)=>{$.d(_,{Mc:()=>a,_Q:()=>w,st:()=>d});function a(n,{title:e,count:i}){return i(n)<=e?n:`${u(n,e-1,i)}\u2026`}const f=`

*The rest is left out: it is longer than can be shown here.*`,p=2e3;function d(n,{body:e,count:i}){if(i(n)<=e)return n;const t=n.trimEnd().endsWith("-->")?n.lastIndexOf("<!--"):-1,s=t<0?"":`

${n.slice(t)}`,l=(t<0?n:n.slice(0,t)).trimEnd();for(let r=e-i(s)-i(f),o=0;;o++){const c=I(O(u(l,Math.max(0,r),i))),g=`${c}${k(c)}${f}${s}`,m=i(g)-e;if(m<=0||o>20)return g;r-=m}}const w=({title:n,body:e},i)=>({title:a(n,i),body:d(e,i)}),M=new Intl.Segmenter("en",{granularity:"grapheme"}),h=64;function u(n,e,i){let[t,s]=[0,Math.min(n.length,e*2)];for(;t<s;){const c=Math.ceil((t+s)/2);i(n.slice(0,c))<=e?t=c:s=c-1}if(t===n.length)return n;const l=Math.max(0,t-h),r=n.slice(l,t+h),o=M.segment(r).containing(t-l);return n.slice(0,l+(o?.index??0))}function I(n){const e=n.lastIndexOf(`
`);return e>0&&n.length-e<=p?n.slice(0,e):n}function O(n){const e=n.lastIndexOf("<!--");return e>n.lastIndexOf("-->")?n.slice(0,e):n}function k(n){let e,i=0;for(const t of n.split(`
`)){const[,s=""]=/^ {0,3}(`{3,}|~{3,})/.exec(t)??[];e===void 0?s!==""?e=s:i+=(t.match(/<details\b/g)?.length??0)-(t.match(/<\/details>/g)?.length??0):s.startsWith(e)&&/^ {0,3}[`~]+\s*$/.test(t)&&(e=void 0)}return`${e===void 0?"":`
${e}`}${`
</details>`.repeat(Math.max(0,i))}`}})};export{C as modules};
