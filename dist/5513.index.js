import{modules as b}from"./shared-1f51dc85.index.js";const z=5513,H=[5513],O={...b,45513:((G,y,a)=>{a.r(y),a.d(y,{createGithubHost:()=>B,outputLimit:()=>w,summaryLimit:()=>$});var S=a(51455),L=a(53366),M=a(72407);function A(f,m){const r=Buffer.byteLength(f);if(r<=m)return f;const h=`

> **Shortened**: the whole report has ${Math.ceil(r/1024)} KiB, more than can be shown here.
`,s=m-Buffer.byteLength(h)-1024,u=[];let c=0,i,t=0;for(const e of f.split(`
`)){if(c+=Buffer.byteLength(e)+1,c>s)break;u.push(e);const n=/^ {0,3}(`{3,}|~{3,})/.exec(e)?.[1];i===void 0?i=n:n?.startsWith(i)&&e.trim()===n&&(i=void 0),i===void 0&&(t+=(e.match(/<details\b/g)?.length??0)-(e.match(/<\/details>/g)?.length??0))}const o=`${i===void 0?"":`
${i.slice(0,64)}`}${`

</details>`.repeat(Math.min(Math.max(t,0),40))}`;return`${u.join(`
`)}${o}${h}`}var d=a(75720);const $=900*1024,w=512*1024,T=4096;function B({name:f,env:m,stdout:r}){const h=()=>a.e(1659).then(a.bind(a,91659)),s=(0,M.g)(),u=t=>(0,d.kc)(s.redact(t)),c=(t,o,e)=>{r.write((0,d.NA)(t,s.redact(o),e))},i={name:f,logger:{debug:t=>c("debug",t),progress:t=>{r.write(`${u(t)}
`)},info:t=>{r.write(`${u(t)}
`)},notice:t=>c("notice",t),warning:t=>c("warning",t)},mask(t){t.trim()!==""&&(s.add(t),r.write((0,d.vu)(t)))},redact:t=>s.redact(t),async setOutputs(t){const{setOutput:o}=await h();for(const[e,n]of Object.entries(t)){if(!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(e))throw new TypeError(`${JSON.stringify(e)} is not an output's name`);const l=n.length<=w;o(e,l?s.redact(n):""),!l&&i.logger.warning(`The output ${e} is empty: it would have ${n.length.toLocaleString("en-US")} characters, and a runner passes on at most ${w.toLocaleString("en-US")}. Give fewer apps or environments, or read the records in the config repository.`)}},async writeSummary({markdown:t,text:o,folded:e}){const n=async()=>{r.write(`${(0,d.ZA)(s.redact(o))}
`)};if(e===void 0?await n():(r.write(`${u((0,L.h0)(e.line))}
`),await i.group(e.title,n)),!m.GITHUB_STEP_SUMMARY)return;const{size:l}=await(0,S.stat)(m.GITHUB_STEP_SUMMARY),g=$-l;if(g<T)return i.logger.notice("The summary of this step is full; the report is in its log.");const{summary:p}=await h();await p.addRaw(A(s.redact(await t()),g),!0).write()},async annotate(t){for(const{level:o,message:e,title:n,file:l,line:g,column:p,url:v}of t){const U=n===void 0?void 0:s.redact(n);c(o,v===void 0?e:`${e}
${v}`,{title:U,file:l,line:g,col:p})}},async group(t,o){c("group",t);try{return await o()}finally{r.write((0,d.NA)("endgroup",""))}},fail:t=>c("error",t)};return i}})};export{z as id,H as ids,O as modules};
