const F={46735:((E,u,g)=>{g.d(u,{m:()=>b});var w=g(95516),y=g(79713);const b=$=>`${(0,y.D)((0,w.T)($))}
`}),63166:((E,u,g)=>{g.d(u,{l:()=>T});var w=g(78011),y=g(95516),b=g(93046),$=g(2182),O=g(55557),k=g(18364);const s={margin:16,lineHeight:20,padding:12,columnGap:56,rowGap:16,character:7.5,boldCharacter:8.5,narrowest:120},G=8;function H({nodes:t,edges:n}){const a=(0,O.p)(t.length,n),o=Array.from({length:Math.max(0,...a)+1},(i,m)=>[...t.flatMap((d,f)=>a[f]===m?[{box:f,height:C(d),order:f}]:[]),...n.filter(({from:d,to:f})=>(a[d]??0)<m&&m<(a[f]??0)).map(d=>({passing:d,height:G,order:t.length}))]);B(o,n);const l=o.map(i=>M(i.map(({height:m})=>m))+(i.length-1)*s.rowGap),x=Math.max(0,...l),e=[],r=new Map;let h=s.margin;o.forEach((i,m)=>{const d=Math.max(s.narrowest,...i.map(p=>"box"in p?D(t[p.box]):0));let f=s.margin+(x-(l[m]??0))/2;for(const p of i){if("box"in p)e[p.box]={node:t[p.box],x:h,y:f,width:d,height:p.height};else{const j=f+p.height/2;r.set(p.passing,[...r.get(p.passing)??[],{x:h,y:j},{x:h+d,y:j}])}f+=p.height+s.rowGap}h+=d+s.columnGap});const c=n.map(i=>{const[m,d]=[e[i.from],e[i.to]],f={x:m.x+m.width,y:m.y+m.height/2};return{edge:i,points:[f,...r.get(i)??[],{x:d.x,y:d.y+d.height/2}]}});return{width:h-s.columnGap+s.margin,height:x+2*s.margin,boxes:e,ways:c}}function B(t,n){t.forEach((a,o)=>{if(o>0){const l=new Map;for(const e of t.slice(0,o))e.forEach((r,h)=>{const c=(h+.5)/e.length;"box"in r&&l.set(r.box,c)});const x=e=>{const h=("box"in e?n.filter(({to:c})=>c===e.box):[e.passing]).map(({from:c})=>l.get(c)??.5);return h.length===0?.5:M(h)/h.length};for(const e of a)e.order=x(e);a.sort((e,r)=>e.order-r.order)}})}const v=({tier:t,lines:n})=>[...t===void 0?[]:[`tier ${t}`],...n],C=t=>(v(t).length+1)*s.lineHeight+2*s.padding;function D(t){const n=(0,k.F)(t.name)*s.boldCharacter,a=v(t).map(o=>(0,k.F)(o)*s.character);return Math.max(n,...a)+2*s.padding}const M=t=>t.reduce((n,a)=>n+a,0),P=`
svg{color-scheme:light dark}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1f2328}
.name{font-weight:600;font-size:14px}
.box{fill:#f6f8fa;stroke:#8c959f}
.way{fill:none;stroke:#59636e;stroke-width:1.5}
.blocked{stroke-dasharray:5 4}
.head{fill:#59636e}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.box{fill:#151b23;stroke:#656c76}.way{stroke:#9198a1}.head{fill:#9198a1}}
`.trim();function T(t){const n=(0,y.T)(t),{width:a,height:o,boxes:l,ways:x}=H(n),e=(0,w.q)(t,b.V).headline.text;return`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${a}" height="${o}" viewBox="0 0 ${a} ${o}" role="img" aria-labelledby="title text">
<title id="title">Pipeline: ${(0,$.j)(e)}</title>
<desc id="text">${(0,$.j)(W(n))}</desc>
<style>${P}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
${[...x.map(A),...l.map(U)].join(`
`)}
</svg>
`}function W({nodes:t,edges:n}){const a=n.map(({from:o,to:l})=>`${t[o]?.name??""} \u2192 ${t[l]?.name??""}`);return a.length===0?t.map(({name:o})=>o).join(", "):a.join(", ")}function A({edge:t,points:n}){const[a,...o]=n;let l=`M${a?.x} ${a?.y}`;return o.forEach(({x:e,y:r},h)=>{const c=n[h]??{x:e,y:r},i=(c.x+e)/2;l+=c.y===r?` H${e}`:` C${i} ${c.y} ${i} ${r} ${e} ${r}`}),`<path class="${t.blocked===void 0?"way":"way blocked"}" d="${l}" marker-end="url(#head)"/>`}function U({node:t,x:n,y:a,width:o,height:l}){const{padding:x,lineHeight:e}=s,r=c=>`x="${n+x}" y="${a+x+c*e+14}"`,h=v(t).map((c,i)=>`<text ${r(i+1)}>${(0,$.j)(c)}</text>`);return[`<g><rect class="box" x="${n}" y="${a}" width="${o}" height="${l}" rx="8"/>`,`<text class="name" ${r(0)}>${(0,$.j)(t.name)}</text>`,...h,"</g>"].join("")}})};export{F as modules};
