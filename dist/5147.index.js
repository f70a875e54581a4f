const Y=5147,H=[5147],K={36604:((R,A,f)=>{f.d(A,{T:()=>u,Y:()=>v});var T=f(57741);const F=400;function u(x,k){const L=x.lines.slice(0,k).map(M=>{const P=M.endsWith("\r")?`${M.slice(0,-1)}\\r`:M;return P.length<=F?P:(0,T.$)(P,F)}),j=x.lines.length-L.length;return{lines:L,left:j===0?void 0:`${(0,T.U)(j,"more line")} of this diff left out`}}function v(x){const{before:k,after:L}=x.sizes,j=`${k.toLocaleString("en-US")} \u2192 ${L.toLocaleString("en-US")} bytes`;return x.content==="binary"?`Not text: ${j}.`:x.content==="vast"?`Too different for a diff: ${j}.`:x.lines.length<=2?`No line differs: ${j}.`:void 0}}),24640:((R,A,f)=>{f.d(A,{K:()=>G});var T=f(90947),F=f(93046),u=f(2182),v=f(36604),x=f(57837),k=f(55557),L=f(52221),j=f(61050);const M=r=>r.map(J).join("");function P(r){const{sign:m,tone:g}=L.P[r];return`<span class="icon ${g}" aria-hidden="true">${m}</span>`}function J(r){if(typeof r=="string")return(0,u.j)(r);switch(r.kind){case"code":return`<code>${(0,u.j)(r.text)}</code>`;case"strong":return`<b>${(0,u.j)(r.text)}</b>`;case"muted":return`<span class="muted">${(0,u.j)(r.text)}</span>`;case"break":return"<br>";case"icon":return P(r.icon);case"result":{const{sign:m,tone:g}=L.P[r.result];return`<span class="badge ${g}"><span aria-hidden="true">${m}</span> ${r.result}</span>`}case"link":{const m=r.code===!0?`<code>${(0,u.j)(r.text)}</code>`:(0,u.j)(r.text),g=(0,j.P)(r.href);return g===void 0?m:`<a href="${(0,u.J)(g)}" rel="noopener noreferrer">${m}</a>`}}}function U({nodes:r,edges:m}){const g=(0,k.p)(r.length,m),t=[];for(let d=0;d<=Math.max(0,...g);d++){const s=g.flatMap((b,y)=>b===d-1?[y]:[]),h=r.flatMap((b,y)=>{const e=m.filter(o=>o.to===y),a=e.length===1&&s.length===1&&e[0]?.from===s[0]?"":e.map(o=>r[o.from]?.name??"").join(", "),n=e.find(o=>o.blocked!==void 0)?.blocked??b.result;return g[y]===d?[S(b,a,n)]:[]});h.length>0&&t.push(`<li><div class="stage">${h.join("")}</div></li>`)}return`<ol class="pipeline" aria-label="Pipeline" tabindex="0">${t.join("")}</ol>`}function S({name:r,tier:m,lines:g,result:t},d,s){const h=t===void 0?"":` ${L.P[t].tone}`,b=t===void 0?"":`${P(t)} `,y=s===void 0?"":` <span class="muted">${(0,u.j)(s)}</span>`,e=[...m===void 0?[]:[`tier ${m}`],...d===""?[]:[`from ${d}`]].join(", ");return`<div class="box${h}"><p>${b}<b>${(0,u.j)(r)}</b>${y}</p>${g.map(i=>`<p>${(0,u.j)(i)}</p>`).join("")}${e===""?"":`<p class="muted">${(0,u.j)(e)}</p>`}</div>`}function z(r){switch(r.kind){case"heading":return`<h2>${(0,u.j)(r.text)}</h2>`;case"paragraph":return`<p${r.muted===!0?' class="muted"':""}>${M(r.line)}</p>`;case"notice":return`<p class="${r.tone}">${M(r.line)}</p>`;case"list":return`<ul>${r.items.map(m=>`<li>${M(m)}</li>`).join("")}</ul>`;case"details":return`<details><summary>${(0,u.j)(r.summary)}</summary><div>${r.blocks.map(z).join(`
`)}</div></details>`;case"listing":return`<pre tabindex="0">${(0,u.J)((0,x.Q6)(r.text))}</pre>`;case"diff":{const{lines:m,left:g}=(0,v.T)(r.file,r.limit),t=`<p><code>${(0,u.j)(r.file.path)}</code> ${r.file.kind}</p>`,d=(0,v.Y)(r.file);if(d!==void 0)return`${t}<p class="muted">${(0,u.j)(d)}</p>`;const s=g===void 0?"":`<p class="muted">${(0,u.j)(g)}.</p>`;return`${t}<pre tabindex="0">${m.map(D).join("")}</pre>${s}`}case"output":{const m=r.lines.map(g=>`<span>${(0,u.J)((0,x.yy)(g))}</span>`);return`<p>${(0,u.j)(r.title)}</p><pre tabindex="0">${m.join("")}</pre>`}case"table":return B(r);case"graph":return U(r)}}const E={"+":' class="add"',"-":' class="del"',"@":' class="at"',"\\":' class="at"'};function D(r,m){const g=(0,u.J)((0,x.yy)(r));return`<span${m<2?E["@"]:E[r[0]??""]??""}>${g}</span>`}function B({caption:r,columns:m,rows:g}){const t=m.map(s=>`<th scope="col">${(0,u.j)(s)}</th>`).join(""),d=g.map(s=>`<tr>${s.map((b,y)=>y===0?`<th scope="row">${M(b)}</th>`:`<td>${M(b)}</td>`).join("")}</tr>`);return`<div class="scroll" tabindex="0" role="region" aria-label="${(0,u.j)(r)}"><table><caption>${(0,u.j)(r)}</caption><thead><tr>${t}</tr></thead><tbody>
${d.join(`
`)}
</tbody></table></div>`}const O=`
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
`.trim();function G(r){const{headline:m,blocks:g}=(0,T.q)(r,{...F.V,diffLines:5e3,allDiffLines:5e4}),t=(0,u.j)(m.text);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${t}</title>
<style>${O}</style>
</head>
<body>
<main>
<h1>${P(m.icon)} ${t}</h1>
${g.map(z).join(`
`)}
</main>
</body>
</html>
`}}),6481:((R,A,f)=>{f.d(A,{G:()=>r});var T=f(90947),F=f(93046),u=f(57837);const v="&#8203;";function x(t){return(0,u.P8)(t).trim().replace(/[@#!$%~&^](?=[\p{L}\p{N}_"'@-])/gu,"$&\u200B").replace(/(?<!\d\d(?=:\d\d(?::|[+-]\d\d:))):(?=\/\/|[\w+-]*:|[\w.+-]*@|\d+\])/g,":\u200B").replace(/\b(?:www)(?=\.)/gi,"$&\u200B").replace(/\b(?:GH-)(?=\d)/gi,"$&\u200B").replace(/\b(?:xmpp|mailto):/gi,"$&\u200B").replace(/[^\p{L}\p{M}\p{N}\u00a0 .,:;()?→·…—–✓✗\u{1F000}-\u{1FAFF}\u2300-\u27bf'/-]|^[-/]|(?<=^\d+)[.)](?=\s|$)/gu,s=>s==="\u200B"?v:`&#${s.codePointAt(0)};`)}function k(t){const d=(0,u.P8)(t).trim();return d===""||/[`|\\]/.test(d)?`<code>${x(d)}</code>`:`\`${d}\``}function L(t,d){const s=d.map(y=>(0,u.yy)(y)),h=Math.max(0,...s.flatMap(y=>(y.match(/`+/g)??[]).map(e=>e.length))),b="`".repeat(Math.max(3,h+1));return[b+t,...s,b].join(`
`)}var j=f(52221),M=f(36604),P=f(2182),J=f(79713),U=f(61050);const S=t=>t.map(z).join("");function z(t){if(typeof t=="string")return D(t);switch(t.kind){case"code":return k(t.text);case"strong":return E(x(t.text));case"muted":return D(t.text);case"break":return"<br>";case"icon":return j.P[t.icon].emoji;case"result":return`${j.P[t.result].emoji}\xA0${t.result}`;case"link":{const d=t.code===!0?k(t.text):x(t.text),s=(0,U.P)(t.href);return s===void 0?d:`[${d}](<${(0,P.J)(s)}>)`}}}const E=t=>/^[\p{L}\p{N}](?:.*[\p{L}\p{N}])?$/u.test(t)?`**${t}**`:`<strong>${t}</strong>`;function D(t){const[,d="",s="",h=""]=/^(\s*)([\s\S]*?)(\s*)$/.exec(t)??[];return(d===""?"":" ")+x(s)+(h===""?"":" ")}const B=2e3;function O(t,d){switch(t.kind){case"heading":return`### ${x(t.text)}`;case"paragraph":return S(t.line);case"notice":return`> [!${t.tone==="warning"?"WARNING":"NOTE"}]
> ${S(t.line)}`;case"list":return t.items.map(s=>`- ${S(s)}`).join(`
`);case"details":{const s=t.blocks.map(h=>O(h,d)).filter(h=>h!=="");return s.length===0?"":[`<details><summary>${(0,P.J)(t.summary)}</summary>`,...s,"</details>"].join(`

`)}case"listing":return L(t.language,t.text.replace(/\n$/,"").split(`
`));case"diff":{const{lines:s,left:h}=(0,M.T)(t.file,t.limit),b=(0,M.Y)(t.file),y=`${k(t.file.path)} ${t.file.kind}`;return b!==void 0?`${y}

${x(b)}`:[y,L("diff",s),...h===void 0?[]:[x(`${h}.`)]].join(`

`)}case"output":return`${x(t.title)}

${L("text",t.lines)}`;case"table":return G(t);case"graph":{const s=(0,J.D)(t);return d!=="gitlab"||s.length<=B?L("mermaid",s.split(`
`)):""}}}function G({columns:t,rows:d}){return[`| ${t.map(x).join(" | ")} |`,`| ${t.map(()=>":--").join(" | ")} |`,...d.map(s=>`| ${s.map(S).join(" | ")} |`)].join(`
`)}function r(t,{flavor:d,limit:s=9e5}){let h="";for(const[y,e]of F.L.entries())if(h=g((0,T.q)(t,e),d,y===0?void 0:m(s,e)),new TextEncoder().encode(h).length<=s)return h;const{headline:b}=(0,T.q)(t,F.L.at(-1)??{rows:0,diffLines:0,allDiffLines:0});return g({headline:b,blocks:[]},d,`Everything else is left out to stay below ${s} bytes.`)}function m(t,{rows:d,diffLines:s}){const h=[s===0?"diffs":"parts of diffs",...Number.isFinite(d)?[`rows beyond ${d}`]:[]];return`Left out to stay below ${t.toLocaleString("en-US")} bytes: ${h.join(" and ")}.`}function g({headline:t,blocks:d},s,h){const b=h===void 0?d:[{kind:"notice",tone:"note",line:[h]},...d];return`${[`## ${j.P[t.icon].emoji} ${x(t.text)}`,...b.map(e=>O(e,s))].join(`

`)}
`}}),4406:((R,A,f)=>{f.d(A,{S:()=>y});var T=f(90947),F=f(93046),u=f(58174),v=f(57837),x=f(36604),k=f(18364);function L(e){let i=0,a=0;for(const n of e){const o=(0,k.F)(n.text);a=n.breaks?o:a+o+(n.space&&a>0?1:0),i=Math.max(i,a)}return{whole:i,word:Math.max(0,...e.map(n=>(0,k.F)(n.text)))}}function j(e,i,a){const n=[{text:"",width:0}];for(const o of e){const c=(0,k.F)(o.text),p=o.style===void 0?o.text:a(o.style,o.text),l=n.at(-1)??{text:"",width:0},$=o.space&&l.width>0?1:0;l.width>0&&(o.breaks||o.space&&l.width+$+c>i)?n.push({text:p,width:c}):(l.text+=($===1?" ":"")+p,l.width+=$+c)}return n}function M(e,{paint:i,width:a}){if(e.edges.length===0)return"";const n=[P("Pipeline:","muted")],o=J(e.edges),c=p=>(0,v.P8)(e.nodes[p]?.name??"");for(const[p,l]of o.entries()){const $=p<o.length-1?",":"";n.push(P(c(l[0]?.from??0)));for(const[w,{to:N,blocked:I}]of l.entries()){const W=w===l.length-1?$:"";if(I===void 0)n.push(P(`\u2192 ${c(N)}${W}`));else{const C=I.includes("refused")?"bad":"wait";n.push(P(`\u2192 ${c(N)}`),P(`(${(0,v.P8)(I)})`,C)),W!==""&&n.push({...P(W),space:!1})}}}return j(n,a,i).map(({text:p})=>p).join(`
`)}const P=(e,i)=>({text:e,style:i,space:!0,breaks:!1});function J(e){const i=new Set(e),a=[];for(const n of e){if(!i.delete(n))continue;const o=[n];for(;;){const c=[...i].find(({from:p})=>p===o.at(-1)?.to);if(c===void 0)break;i.delete(c),o.push(c)}a.push(o)}return a}var U=f(61050),S=f(52221);function z(e){const i=[];let a=!1,n=!1;for(const o of e){if(typeof o!="string"&&o.kind==="break"){a=!0;continue}const{text:c,style:p}=E(o);for(const l of c.split(/( +)/))if(l!==""){if(l.startsWith(" ")){n=!0;continue}i.push({text:l.replaceAll("\xA0"," "),style:p,space:n,breaks:a}),n=!1,a=!1}}return i}function E(e){if(typeof e=="string")return{text:(0,v.P8)(e),style:void 0};switch(e.kind){case"strong":case"muted":return{text:(0,v.P8)(e.text),style:e.kind};case"link":{const i=e.spelled?(0,U.P)(e.href):void 0;return{text:(0,v.P8)(i===void 0?e.text:`${e.text} (${i})`),style:void 0}}case"code":return{text:(0,v.P8)(e.text),style:void 0};case"icon":return{text:S.P[e.icon].sign,style:S.P[e.icon].tone};case"result":return{text:`${S.P[e.result].sign}\xA0${e.result}`,style:S.P[e.result].tone}}}const D=2;function B({columns:e,rows:i},a,n){const o=e.map(l=>z([{kind:"muted",text:l}])),c=i.map(l=>l.map(z)),p=O([o,...c],e.length,a);return p===void 0?r(e,c,a,n):[o,...c].map(l=>G(l,p,n)).join(`
`)}function O(e,i,a){const n=new Array(i).fill(0),o=new Array(i).fill(0);for(const l of e)l.forEach(($,w)=>{const{whole:N,word:I}=L($);n[w]=Math.max(n[w]??0,N),o[w]=Math.max(o[w]??0,I)});const c=a-D*(i-1),p=l=>l.reduce(($,w)=>$+w,0);if(!(p(o)>c)){for(;p(n)>c;){const l=n.reduce(($,w,N)=>w>(o[N]??0)&&w>(n[$]??0)?N:$,n.findIndex(($,w)=>$>(o[w]??0)));n[l]=(n[l]??0)-1}return n}}function G(e,i,a){const n=e.map((c,p)=>j(c,i[p]??0,a)),o=Math.max(...n.map(c=>c.length));return Array.from({length:o},(c,p)=>n.map((l,$)=>{const{text:w,width:N}=l[p]??{text:"",width:0};return w+" ".repeat(Math.max(0,(i[$]??0)-N)+($<n.length-1?D:0))}).join("").trimEnd()).join(`
`)}function r(e,i,a,n){return i.map(o=>o.flatMap((c,p)=>{if(c.length===0)return[];const l=p===0?"":`${e[p]}: `,$=j(c,a-l.length-2,n).map(w=>w.text);return[`${p===0?"":"  "}${n("muted",l)}${$.join(`
    `)}`]}).join(`
`)).join(`
`)}function m(e,i){const{paint:a}=i;switch(e.kind){case"heading":return a("strong",(0,v.P8)(e.text));case"paragraph":return t(e.muted===!0?g(e.line):e.line,i,"");case"notice":return t(e.line,i,e.tone==="warning"?a("wait","! "):a("info","i "));case"list":return e.items.map(n=>t(n,i,"- ")).join(`
`);case"details":return e.terminal?[a("strong",e.summary),...e.blocks.map(n=>m(n,i))].filter(n=>n!=="").join(`
`):"";case"listing":return(0,v.Q6)(e.text);case"diff":{const{lines:n,left:o}=(0,x.T)(e.file,e.limit),c=(0,x.Y)(e.file);if(c!==void 0)return`${(0,v.P8)(e.file.path)}: ${c}`;const p=o===void 0?[]:[a("muted",`${o}.`)];return[...n.map((l,$)=>s(l,$,a)),...p].join(`
`)}case"output":return[(0,v.P8)(e.title),...e.lines.map(n=>`  ${(0,v.yy)(n)}`)].join(`
`);case"table":return B(e,i.width,a);case"graph":return M(e,i)}}const g=e=>e.map(i=>typeof i=="string"?{kind:"muted",text:i}:i);function t(e,{width:i,paint:a},n){const o=n===""?"":"  ",c=j(z(e),i-o.length,a).map(p=>p.text);return n+c.join(`
${o}`)}const d={"+":"good","-":"bad","@":"info","\\":"muted"};function s(e,i,a){const n=(0,v.yy)(e),o=i<2?"strong":d[e[0]??""];return o===void 0?n:a(o,n)}const h={good:[32,39],wait:[33,39],bad:[31,39],info:[36,39],calm:[2,22],strong:[1,22],muted:[2,22]};function b(e){return e?(i,a)=>{const[n,o]=h[i];return a===""?"":`\x1B[${n}m${a}\x1B[${o}m`}:(i,a)=>a}function y(e,{color:i,width:a}){if(e.kind==="file")return(0,v.Q6)(e.text);const n=b(i),{headline:o,blocks:c}=(0,T.q)(e,F.V),p={paint:n,width:Math.max(40,a)};return`${[{kind:"paragraph",line:[(0,u.Kk)(o.icon)," ",(0,u.ko)(o.text)]},...c].map(w=>m(w,p)).filter(w=>w!=="").join(`

`)}
`}})};export{Y as id,H as ids,K as modules};
