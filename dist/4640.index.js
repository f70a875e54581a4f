const C=4640,H=[4640],I={2182:((j,b,n)=>{n.d(b,{J:()=>a,j:()=>l});var g=n(57837);const f={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"};function a(s){return s.replace(/[&<>"']/g,x=>f[x]??x)}const l=s=>a((0,g.P8)(s))}),55557:((j,b,n)=>{n.d(b,{p:()=>g});function g(f,a){const l=new Array(f).fill(0);for(let s=0;s<f;s++)for(const{from:x,to:m}of a)l[m]=Math.min(f-1,Math.max(l[m]??0,(l[x]??0)+1));return l}}),24640:((j,b,n)=>{n.r(b),n.d(b,{renderHtml:()=>T});var g=n(99645),f=n(93046),a=n(2182),l=n(36604),s=n(57837),x=n(55557),m=n(52221),P=n(61050);const v=e=>e.map(z).join("");function w(e){const{sign:o,tone:t}=m.P[e];return`<span class="icon ${t}" aria-hidden="true">${o}</span>`}function z(e){if(typeof e=="string")return(0,a.j)(e);switch(e.kind){case"code":return`<code>${(0,a.j)(e.text)}</code>`;case"strong":return`<b>${(0,a.j)(e.text)}</b>`;case"muted":return`<span class="muted">${(0,a.j)(e.text)}</span>`;case"break":return"<br>";case"icon":return w(e.icon);case"result":{const{sign:o,tone:t}=m.P[e.result];return`<span class="badge ${t}"><span aria-hidden="true">${o}</span> ${e.result}</span>`}case"link":{const o=e.code===!0?`<code>${(0,a.j)(e.text)}</code>`:(0,a.j)(e.text),t=(0,P.P)(e.href);return t===void 0?o:`<a href="${(0,a.J)(t)}" rel="noopener noreferrer">${o}</a>`}}}function S({nodes:e,edges:o}){const t=(0,x.p)(e.length,o),r=[];for(let i=0;i<=Math.max(0,...t);i++){const d=t.flatMap((c,p)=>c===i-1?[p]:[]),h=e.flatMap((c,p)=>{const u=o.filter($=>$.to===p),A=u.length===1&&d.length===1&&u[0]?.from===d[0]?"":u.map($=>e[$.from]?.name??"").join(", "),B=u.find($=>$.blocked!==void 0)?.blocked??c.result;return t[p]===i?[D(c,A,B)]:[]});h.length>0&&r.push(`<li><div class="stage">${h.join("")}</div></li>`)}return`<ol class="pipeline" aria-label="Pipeline" tabindex="0">${r.join("")}</ol>`}function D({name:e,tier:o,lines:t,result:r},i,d){const h=r===void 0?"":` ${m.P[r].tone}`,c=r===void 0?"":`${w(r)} `,p=d===void 0?"":` <span class="muted">${(0,a.j)(d)}</span>`,u=[...o===void 0?[]:[`tier ${o}`],...i===""?[]:[`from ${i}`]].join(", ");return`<div class="box${h}"><p>${c}<b>${(0,a.j)(e)}</b>${p}</p>${t.map(M=>`<p>${(0,a.j)(M)}</p>`).join("")}${u===""?"":`<p class="muted">${(0,a.j)(u)}</p>`}</div>`}function k(e){switch(e.kind){case"heading":return`<h2>${(0,a.j)(e.text)}</h2>`;case"paragraph":return`<p${e.muted===!0?' class="muted"':""}>${v(e.line)}</p>`;case"notice":return`<p class="${e.tone}">${v(e.line)}</p>`;case"list":return`<ul>${e.items.map(o=>`<li>${v(o)}</li>`).join("")}</ul>`;case"details":return`<details><summary>${(0,a.j)(e.summary)}</summary><div>${e.blocks.map(k).join(`
`)}</div></details>`;case"listing":return`<pre tabindex="0">${(0,a.J)((0,s.Q6)(e.text))}</pre>`;case"diff":{const{lines:o,left:t}=(0,l.T)(e.file,e.limit),r=`<p><code>${(0,a.j)(e.file.path)}</code> ${e.file.kind}</p>`,i=(0,l.Y)(e.file);if(i!==void 0)return`${r}<p class="muted">${(0,a.j)(i)}</p>`;const d=t===void 0?"":`<p class="muted">${(0,a.j)(t)}.</p>`;return`${r}<pre tabindex="0">${o.map(J).join("")}</pre>${d}`}case"output":{const o=e.lines.map(t=>`<span>${(0,a.J)((0,s.yy)(t))}</span>`);return`<p>${(0,a.j)(e.title)}</p><pre tabindex="0">${o.join("")}</pre>`}case"table":return L(e);case"graph":return S(e)}}const y={"+":' class="add"',"-":' class="del"',"@":' class="at"',"\\":' class="at"'};function J(e,o){const t=(0,a.J)((0,s.yy)(e));return`<span${o<2?y["@"]:y[e[0]??""]??""}>${t}</span>`}function L({caption:e,columns:o,rows:t}){const r=o.map(d=>`<th scope="col">${(0,a.j)(d)}</th>`).join(""),i=t.map(d=>`<tr>${d.map((c,p)=>p===0?`<th scope="row">${v(c)}</th>`:`<td>${v(c)}</td>`).join("")}</tr>`);return`<div class="scroll" tabindex="0" role="region" aria-label="${(0,a.j)(e)}"><table><caption>${(0,a.j)(e)}</caption><thead><tr>${r}</tr></thead><tbody>
${i.join(`
`)}
</tbody></table></div>`}const E=`
:root{color-scheme:light dark;--text:#1f2328;--muted:#59636e;--back:#fff;--soft:#f6f8fa;--line:#d1d9e0;--link:#0969da;
--good:#116329;--good-back:#dafbe1;--wait:#7d4e00;--wait-back:#fff8c5;--bad:#a40e26;--bad-back:#ffebe9;--info:#0550ae;--info-back:#ddf4ff;--calm:#454c54;--calm-back:#eff2f5}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--muted:#9198a1;--back:#0d1117;--soft:#151b23;--line:#3d444d;--link:#4493f8;
--good:#56d364;--good-back:#12261e;--wait:#e3b341;--wait-back:#272115;--bad:#ff7b72;--bad-back:#25171c;--info:#79c0ff;--info-back:#121d2f;--calm:#b7bdc8;--calm-back:#212830}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1100px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:26px;line-height:1.3;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:16px;margin:28px 0 8px}
p{margin:8px 0;overflow-wrap:anywhere}
.muted{color:var(--muted)}
a{color:var(--link);text-decoration:underline;text-underline-offset:2px;text-decoration-thickness:1px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{background:var(--calm-back);padding:2px 5px;border-radius:5px;overflow-wrap:anywhere}
td code,th code{overflow-wrap:break-word}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;margin:18px 0}
table{border-collapse:collapse;width:100%}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:9px 14px;border-top:1px solid var(--line);overflow-wrap:break-word}
thead th{border-top:0;background:var(--soft);font-size:13px;font-weight:600;color:var(--muted);white-space:nowrap}
tbody th{font-weight:400}
.badge{display:inline-block;white-space:nowrap;padding:1px 9px;border-radius:99px;font-size:13px;font-weight:600}
.icon{font-weight:700}
.good{color:var(--good)}.wait{color:var(--wait)}.bad{color:var(--bad)}.info{color:var(--info)}.calm{color:var(--calm)}
.badge.good{background:var(--good-back)}.badge.wait{background:var(--wait-back)}.badge.bad{background:var(--bad-back)}.badge.info{background:var(--info-back)}.badge.calm{background:var(--calm-back)}
.note,.warning{border-left:4px solid var(--info);padding:8px 14px;margin:18px 0;background:var(--info-back);border-radius:0 6px 6px 0}
.warning{border-color:var(--wait);background:var(--wait-back)}
details{margin:10px 0;border:1px solid var(--line);border-radius:8px}
summary{cursor:pointer;padding:9px 14px;font-weight:600}
details>div{padding:2px 14px 12px}
pre{margin:8px 0 14px;overflow-x:auto;border:1px solid var(--line);border-radius:8px;padding:10px 0;background:var(--soft)}
pre span{display:block;padding:0 14px;white-space:pre;min-width:max-content}
pre .add{background:var(--good-back);color:var(--good)}pre .del{background:var(--bad-back);color:var(--bad)}pre .at{color:var(--muted)}
.pipeline{display:flex;align-items:stretch;gap:0;list-style:none;padding:0;margin:18px 0;overflow-x:auto}
.pipeline>li{display:flex;align-items:center;flex:none}
.pipeline>li+li::before{content:"\u2192";color:var(--muted);padding:0 12px;font-size:18px}
.stage{display:grid;gap:10px;align-content:center}
.box{border:1px solid var(--line);border-radius:8px;padding:9px 14px;min-width:130px;background:var(--soft)}
.box.good{border-color:var(--good)}.box.wait{border-color:var(--wait)}.box.bad{border-color:var(--bad)}.box.info{border-color:var(--info)}
.box,.box p{color:var(--text)}
.box p{margin:0}.box .muted{color:var(--muted);font-size:13px}
@media print{details{break-inside:avoid}}
`.trim();function T(e){const{headline:o,blocks:t}=(0,g.q)(e,{...f.V,diffLines:5e3,allDiffLines:5e4}),r=(0,a.j)(o.text);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${r}</title>
<style>${E}</style>
</head>
<body>
<main>
<h1>${w(o.icon)} ${r}</h1>
${t.map(k).join(`
`)}
</main>
</body>
</html>
`}})};export{C as id,H as ids,I as modules};
