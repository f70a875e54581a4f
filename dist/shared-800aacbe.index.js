const k={32989:((h,l,m)=>{m.d(l,{t:()=>p});const c=e=>`<!-- glu:comment ${e} -->`;async function p({key:e,me:r,all:o},a,t){const[n,...s]=w(o,e,r),u=a([...n===void 0?[]:[n],...s].map(({body:i})=>i));if(u===void 0)return{url:n&&await t.page(n),written:!1};const d=`${u.trimEnd()}

${c(e)}`;if(n===void 0)return{url:await t.post(d),written:!0};const f=_(n.body,d),b=f?await t.page(n):await t.change(n.id,d);for(const{id:i}of s)await t.remove(i);return{url:b,written:!f||s.length>0}}function w(e,r,o){return e.filter(({author:t,body:n})=>t===o&&n.trimEnd().endsWith(c(r))).sort((t,n)=>t.id-n.id)}function _(e,r){const o=a=>a.replace(/\r\n/g,`
`).trimEnd();return o(e)===o(r)}})};export{k as modules};
