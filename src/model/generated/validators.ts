// @ts-nocheck
// Made from schemas/ by `npm run generate`. Edit the schemas, not this file.

function put(list, error) {
  if (list === null) return [error]
  list.push(error)
  return list
}
function join(list, errors) {
  if (list === null) return errors
  for (const error of errors) list.push(error)
  return list
}
export const pipeline = validate52;
const schema19 = {"title":"Pipeline","type":"object","additionalProperties":false,"required":["pipeline","steps"],"properties":{"pipeline":{"$ref":"dashedName"},"opsflow":{"$ref":"formatVersion"},"description":{"type":"string"},"signals":{"$ref":"pipelineSignals"},"agents":{"x-expects":"a list of agents, or a map of agents by name","anyOf":[{"type":"array","items":{"$ref":"dashedName"}},{"$ref":"agents"}]},"timeout":{"$ref":"limitOrTemplate"},"grace":{"$ref":"duration"},"due":{"$ref":"limitOrTemplate"},"fail_fast":{"type":"boolean"},"max_parallel":{"$ref":"countOrTemplate"},"inputs":{"$ref":"valueSchemas"},"vars":{"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"json"}},"outputs":{"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"pipelineOutput"}},"next_steps":{"type":"array","items":{"type":"string","minLength":1}},"defaults":{"$ref":"defaults"},"env":{"$ref":"environment"},"cwd":{"type":"string","minLength":1},"mutex":{"type":"string","minLength":1},"isolation":{"$ref":"isolation"},"secrets":{"type":"array","items":{"$ref":"secretEntry"}},"permissions":{"$ref":"permissions"},"project":{"type":"string","minLength":1},"environment":{"type":"string","minLength":1},"sandbox":{"$ref":"sandbox"},"budget":{"$ref":"budget"},"steps":{"$ref":"steps","minProperties":1},"gates":{"$ref":"gates"},"finally":{"$ref":"steps"}}};
const func1 = Object.prototype.hasOwnProperty;
const func3 = (text) => [...text].length;
const schema20 = {"type":"string","pattern":"^[A-Za-z][A-Za-z0-9_-]*$","x-is":"dashed-name"};
const pattern3 = new RegExp("^[A-Za-z][A-Za-z0-9_-]*$", "u");

function validate53(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern3.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9_-]*$"},parentSchema:schema20,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema20,data});
errors++;
}
validate53.errors = vErrors;
return errors === 0;
}

const schema21 = {"const":1};

function validate55(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(1 !== data){
vErrors = put(vErrors, {instancePath,schemaPath:"#/const",keyword:"const",params:{allowedValue: 1},parentSchema:schema21,data});
errors++;
}
validate55.errors = vErrors;
return errors === 0;
}

const schema22 = {"type":"object","additionalProperties":false,"properties":{"accepts":{"type":"array","items":{"$ref":"signalName"}},"emits":{"type":"array","items":{"$ref":"signalName"}}}};
const schema23 = {"type":"string","pattern":"^[A-Z][A-Z0-9_]*:[A-Z][A-Z0-9_]*$","x-is":"signal-name"};
const pattern4 = new RegExp("^[A-Z][A-Z0-9_]*:[A-Z][A-Z0-9_]*$", "u");

function validate58(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern4.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_]*:[A-Z][A-Z0-9_]*$"},parentSchema:schema23,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema23,data});
errors++;
}
validate58.errors = vErrors;
return errors === 0;
}


function validate57(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "accepts") || (key0 === "emits"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema22,data});
errors++;
}
}
if(data.accepts !== undefined){
let data0 = data.accepts;
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(validate58(data0[i0], {instancePath:instancePath+"/accepts/" + i0}))){
vErrors = join(vErrors, validate58.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/accepts",schemaPath:"#/properties/accepts/type",keyword:"type",params:{type: "array"},parentSchema:schema22.properties.accepts,data:data0});
errors++;
}
}
if(data.emits !== undefined){
let data2 = data.emits;
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
if(!(validate58(data2[i1], {instancePath:instancePath+"/emits/" + i1}))){
vErrors = join(vErrors, validate58.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/emits",schemaPath:"#/properties/emits/type",keyword:"type",params:{type: "array"},parentSchema:schema22.properties.emits,data:data2});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema22,data});
errors++;
}
validate57.errors = vErrors;
return errors === 0;
}

const schema24 = {"type":"object","propertyNames":{"$ref":"dashedName"},"additionalProperties":{"$ref":"agent"}};
const schema25 = {"type":"object","additionalProperties":false,"properties":{"description":{"type":"string"},"tier":{"type":"string","minLength":1},"prompt":{"$ref":"promptSource"},"tools":{"type":"array","items":{"type":"string","minLength":1}},"owns":{"$ref":"owns"},"permissions":{"$ref":"permissions"},"max_parallel":{"type":"integer","minimum":1},"defaults":{"$ref":"defaults"},"failures":{"$ref":"failures"},"tasks":{"type":"object","propertyNames":{"$ref":"taskName"},"additionalProperties":{"$ref":"task"}},"checks":{"$ref":"checks"}}};
const schema26 = {"x-expects":"a text, or a map with `file` or `from`","anyOf":[{"type":"string","minLength":1},{"$ref":"promptFile"}]};
const schema27 = {"type":"object","additionalProperties":false,"properties":{"file":{"type":"string","minLength":1},"from":{"type":"string","minLength":1}},"oneOf":[{"required":["file"]},{"required":["from"]}],"x-one-of":["file","from"],"x-what":"prompt"};

function validate67(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.file === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "file"},parentSchema:schema27.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.from === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "from"},parentSchema:schema27.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema27,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "file") || (key0 === "from"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema27,data});
errors++;
}
}
if(data.file !== undefined){
let data0 = data.file;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/file",schemaPath:"#/properties/file/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema27.properties.file,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"},parentSchema:schema27.properties.file,data:data0});
errors++;
}
}
if(data.from !== undefined){
let data1 = data.from;
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/from",schemaPath:"#/properties/from/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema27.properties.from,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/from",schemaPath:"#/properties/from/type",keyword:"type",params:{type: "string"},parentSchema:schema27.properties.from,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema27,data});
errors++;
}
validate67.errors = vErrors;
return errors === 0;
}


function validate66(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(typeof data === "string"){
if(func3(data) < 1){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema26.anyOf[0],data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "string"},parentSchema:schema26.anyOf[0],data});
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs3 = errors;
if(!(validate67(data, {instancePath}))){
vErrors = join(vErrors, validate67.errors);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema26,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate66.errors = vErrors;
return errors === 0;
}

const schema28 = {"type":"array","items":{"$ref":"ownEntry"}};
const schema29 = {"x-expects":"a path pattern, or a map with `paths`","anyOf":[{"type":"string","minLength":1},{"$ref":"sharedPaths"}]};
const schema30 = {"type":"object","additionalProperties":false,"required":["paths"],"properties":{"paths":{"$ref":"globs"},"backup":{"type":"array","items":{"$ref":"dashedName"}},"mediator":{"$ref":"dashedName"}}};
const schema31 = {"type":"array","items":{"type":"string","minLength":1}};

function validate73(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/" + i0,schemaPath:"#/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema31.items,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "string"},parentSchema:schema31.items,data:data0});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},parentSchema:schema31,data});
errors++;
}
validate73.errors = vErrors;
return errors === 0;
}


function validate72(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.paths === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "paths"},parentSchema:schema30,data});
errors++;
}
for(const key0 in data){
if(!(((key0 === "paths") || (key0 === "backup")) || (key0 === "mediator"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema30,data});
errors++;
}
}
if(data.paths !== undefined){
if(!(validate73(data.paths, {instancePath:instancePath+"/paths"}))){
vErrors = join(vErrors, validate73.errors);
errors = vErrors.length;
}
}
if(data.backup !== undefined){
let data1 = data.backup;
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!(validate53(data1[i0], {instancePath:instancePath+"/backup/" + i0}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/backup",schemaPath:"#/properties/backup/type",keyword:"type",params:{type: "array"},parentSchema:schema30.properties.backup,data:data1});
errors++;
}
}
if(data.mediator !== undefined){
if(!(validate53(data.mediator, {instancePath:instancePath+"/mediator"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema30,data});
errors++;
}
validate72.errors = vErrors;
return errors === 0;
}


function validate71(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(typeof data === "string"){
if(func3(data) < 1){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema29.anyOf[0],data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "string"},parentSchema:schema29.anyOf[0],data});
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs3 = errors;
if(!(validate72(data, {instancePath}))){
vErrors = join(vErrors, validate72.errors);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema29,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate71.errors = vErrors;
return errors === 0;
}


function validate70(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
if(!(validate71(data[i0], {instancePath:instancePath+"/" + i0}))){
vErrors = join(vErrors, validate71.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},parentSchema:schema28,data});
errors++;
}
validate70.errors = vErrors;
return errors === 0;
}

const schema32 = {"type":"object","additionalProperties":false,"properties":{"allow":{"type":"array","items":{"type":"string","minLength":1}},"deny":{"type":"array","items":{"type":"string","minLength":1}},"ask":{"type":"object","additionalProperties":{"type":"string","minLength":1}}}};

function validate80(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "allow") || (key0 === "deny")) || (key0 === "ask"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema32,data});
errors++;
}
}
if(data.allow !== undefined){
let data0 = data.allow;
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/allow/" + i0,schemaPath:"#/properties/allow/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema32.properties.allow.items,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/allow/" + i0,schemaPath:"#/properties/allow/items/type",keyword:"type",params:{type: "string"},parentSchema:schema32.properties.allow.items,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/allow",schemaPath:"#/properties/allow/type",keyword:"type",params:{type: "array"},parentSchema:schema32.properties.allow,data:data0});
errors++;
}
}
if(data.deny !== undefined){
let data2 = data.deny;
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
if(typeof data3 === "string"){
if(func3(data3) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/deny/" + i1,schemaPath:"#/properties/deny/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema32.properties.deny.items,data:data3});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/deny/" + i1,schemaPath:"#/properties/deny/items/type",keyword:"type",params:{type: "string"},parentSchema:schema32.properties.deny.items,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/deny",schemaPath:"#/properties/deny/type",keyword:"type",params:{type: "array"},parentSchema:schema32.properties.deny,data:data2});
errors++;
}
}
if(data.ask !== undefined){
let data4 = data.ask;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
let data5 = data4[key1];
if(typeof data5 === "string"){
if(func3(data5) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/ask/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/ask/additionalProperties/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema32.properties.ask.additionalProperties,data:data5});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/ask/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/ask/additionalProperties/type",keyword:"type",params:{type: "string"},parentSchema:schema32.properties.ask.additionalProperties,data:data5});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/ask",schemaPath:"#/properties/ask/type",keyword:"type",params:{type: "object"},parentSchema:schema32.properties.ask,data:data4});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema32,data});
errors++;
}
validate80.errors = vErrors;
return errors === 0;
}

const schema33 = {"type":"object","additionalProperties":false,"properties":{"timeout":{"$ref":"limitOrTemplate"},"grace":{"$ref":"duration"},"due":{"$ref":"limitOrTemplate"},"on_timeout":{"$ref":"onTimeout"},"stall":{"$ref":"stall"},"failures":{"$ref":"failures"},"retry":{"$ref":"retry"},"interrupted":{"$ref":"interrupted"},"env":{"$ref":"environment"},"cwd":{"type":"string","minLength":1},"shell":{"$ref":"shell"},"isolation":{"$ref":"isolation"},"sandbox":{"$ref":"sandbox"},"budget":{"$ref":"budget"}}};
const schema34 = {"type":"string","pattern":"^(?:(?=.*[1-9])(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)|\\$\\{\\{[\\s\\S]*\\}\\})$","x-is":"duration"};
const pattern5 = new RegExp("^(?:(?=.*[1-9])(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)|\\$\\{\\{[\\s\\S]*\\}\\})$", "u");

function validate83(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern5.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?:(?=.*[1-9])(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)|\\$\\{\\{[\\s\\S]*\\}\\})$"},parentSchema:schema34,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema34,data});
errors++;
}
validate83.errors = vErrors;
return errors === 0;
}

const schema35 = {"type":"string","pattern":"^(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)$","x-is":"duration"};
const pattern6 = new RegExp("^(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)$", "u");

function validate85(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern6.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)$"},parentSchema:schema35,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema35,data});
errors++;
}
validate85.errors = vErrors;
return errors === 0;
}

const schema36 = {"enum":["fail","reject","escalate"]};

function validate88(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "fail") || (data === "reject")) || (data === "escalate"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema36.enum},parentSchema:schema36,data});
errors++;
}
validate88.errors = vErrors;
return errors === 0;
}

const schema37 = {"type":"object","additionalProperties":false,"required":["idle"],"properties":{"idle":{"$ref":"limit"},"nudge":{"type":"integer","minimum":0},"then":{"const":"kill"}}};
const schema38 = {"type":"string","pattern":"^(?=.*[1-9])(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)$","x-is":"duration"};
const pattern7 = new RegExp("^(?=.*[1-9])(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)$", "u");

function validate91(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern7.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?=.*[1-9])(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?)$"},parentSchema:schema38,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema38,data});
errors++;
}
validate91.errors = vErrors;
return errors === 0;
}


function validate90(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.idle === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "idle"},parentSchema:schema37,data});
errors++;
}
for(const key0 in data){
if(!(((key0 === "idle") || (key0 === "nudge")) || (key0 === "then"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema37,data});
errors++;
}
}
if(data.idle !== undefined){
if(!(validate91(data.idle, {instancePath:instancePath+"/idle"}))){
vErrors = join(vErrors, validate91.errors);
errors = vErrors.length;
}
}
if(data.nudge !== undefined){
let data1 = data.nudge;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
vErrors = put(vErrors, {instancePath:instancePath+"/nudge",schemaPath:"#/properties/nudge/type",keyword:"type",params:{type: "integer"},parentSchema:schema37.properties.nudge,data:data1});
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
vErrors = put(vErrors, {instancePath:instancePath+"/nudge",schemaPath:"#/properties/nudge/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema37.properties.nudge,data:data1});
errors++;
}
}
}
if(data.then !== undefined){
let data2 = data.then;
if("kill" !== data2){
vErrors = put(vErrors, {instancePath:instancePath+"/then",schemaPath:"#/properties/then/const",keyword:"const",params:{allowedValue: "kill"},parentSchema:schema37.properties.then,data:data2});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema37,data});
errors++;
}
validate90.errors = vErrors;
return errors === 0;
}

const schema39 = {"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"failure"}};
const schema40 = {"type":"string","pattern":"^(?!(?:in|true|false|null)$)[a-z][a-z0-9_]*$","x-is":"name"};
const pattern8 = new RegExp("^(?!(?:in|true|false|null)$)[a-z][a-z0-9_]*$", "u");

function validate95(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern8.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?!(?:in|true|false|null)$)[a-z][a-z0-9_]*$"},parentSchema:schema40,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema40,data});
errors++;
}
validate95.errors = vErrors;
return errors === 0;
}

const schema41 = {"type":"object","additionalProperties":false,"properties":{"match":{"type":"string","minLength":1},"exit":{"type":"integer","minimum":0,"maximum":255},"recover":{"$ref":"recover"},"hint":{"type":"string"}},"oneOf":[{"required":["match"]},{"required":["exit"]}],"x-one-of":["match","exit"],"x-what":"failure"};
const schema42 = {"type":"object","additionalProperties":false,"properties":{"run":{"$ref":"runText"},"uses":{"$ref":"usesName"},"http":{"$ref":"http"},"agent":{"$ref":"dashedName"},"task":{"$ref":"taskName"},"with":{"$ref":"values"},"env":{"$ref":"environment"},"shell":{"$ref":"shell"},"timeout":{"$ref":"limit"}},"oneOf":[{"required":["run"]},{"required":["uses"]},{"required":["http"]},{"required":["agent"]}],"x-one-of":["run","uses","http","agent"],"x-what":"repair","dependentRequired":{"task":["agent"],"agent":["task"],"shell":["run"]}};
const schema43 = {"x-expects":"a script, or a list of a program and its arguments","anyOf":[{"type":"string","minLength":1},{"type":"array","minItems":1,"items":{"type":"string"}}]};

function validate99(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(typeof data === "string"){
if(func3(data) < 1){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema43.anyOf[0],data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "string"},parentSchema:schema43.anyOf[0],data});
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs3 = errors;
if(Array.isArray(data)){
if(data.length < 1){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/1/minItems",keyword:"minItems",params:{limit: 1},parentSchema:schema43.anyOf[1],data});
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/" + i0,schemaPath:"#/anyOf/1/items/type",keyword:"type",params:{type: "string"},parentSchema:schema43.anyOf[1].items,data:data0});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/1/type",keyword:"type",params:{type: "array"},parentSchema:schema43.anyOf[1],data});
errors++;
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema43,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate99.errors = vErrors;
return errors === 0;
}

const schema44 = {"type":"string","pattern":"^(?!.*\\$\\{\\{)\\S(?:.*\\S)?$","x-is":"fixed-name"};
const pattern9 = new RegExp("^(?!.*\\$\\{\\{)\\S(?:.*\\S)?$", "u");

function validate101(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern9.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?!.*\\$\\{\\{)\\S(?:.*\\S)?$"},parentSchema:schema44,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema44,data});
errors++;
}
validate101.errors = vErrors;
return errors === 0;
}

const schema45 = {"type":"object","additionalProperties":false,"required":["url"],"properties":{"method":{"enum":["GET","HEAD","POST","PUT","PATCH","DELETE","OPTIONS"]},"url":{"type":"string","minLength":1},"headers":{"type":"object","additionalProperties":{"type":"string"}},"body":{"$ref":"json"},"expect":{"x-expects":"a status, or a list of them","anyOf":[{"$ref":"httpStatus"},{"type":"array","minItems":1,"items":{"$ref":"httpStatus"}}]}}};
const schema46 = {};

function validate104(data, {instancePath=""}={}){
validate104.errors = null;
return true;
}

const schema47 = {"type":"integer","minimum":100,"maximum":599};

function validate106(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!(((typeof data == "number") && (!(data % 1) && !isNaN(data))) && (isFinite(data)))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"},parentSchema:schema47,data});
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data > 599 || isNaN(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 599},parentSchema:schema47,data});
errors++;
}
if(data < 100 || isNaN(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},parentSchema:schema47,data});
errors++;
}
}
validate106.errors = vErrors;
return errors === 0;
}


function validate103(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.url === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "url"},parentSchema:schema45,data});
errors++;
}
for(const key0 in data){
if(!(((((key0 === "method") || (key0 === "url")) || (key0 === "headers")) || (key0 === "body")) || (key0 === "expect"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema45,data});
errors++;
}
}
if(data.method !== undefined){
let data0 = data.method;
if(!(((((((data0 === "GET") || (data0 === "HEAD")) || (data0 === "POST")) || (data0 === "PUT")) || (data0 === "PATCH")) || (data0 === "DELETE")) || (data0 === "OPTIONS"))){
vErrors = put(vErrors, {instancePath:instancePath+"/method",schemaPath:"#/properties/method/enum",keyword:"enum",params:{allowedValues: schema45.properties.method.enum},parentSchema:schema45.properties.method,data:data0});
errors++;
}
}
if(data.url !== undefined){
let data1 = data.url;
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/url",schemaPath:"#/properties/url/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema45.properties.url,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/url",schemaPath:"#/properties/url/type",keyword:"type",params:{type: "string"},parentSchema:schema45.properties.url,data:data1});
errors++;
}
}
if(data.headers !== undefined){
let data2 = data.headers;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
let data3 = data2[key1];
if(typeof data3 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/headers/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/headers/additionalProperties/type",keyword:"type",params:{type: "string"},parentSchema:schema45.properties.headers.additionalProperties,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/headers",schemaPath:"#/properties/headers/type",keyword:"type",params:{type: "object"},parentSchema:schema45.properties.headers,data:data2});
errors++;
}
}
if(data.body !== undefined){
if(!(validate104(data.body, {instancePath:instancePath+"/body"}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
if(data.expect !== undefined){
let data5 = data.expect;
const _errs12 = errors;
let valid2 = false;
const _errs13 = errors;
if(!(validate106(data5, {instancePath:instancePath+"/expect"}))){
vErrors = join(vErrors, validate106.errors);
errors = vErrors.length;
}
var _valid0 = _errs13 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const _errs14 = errors;
if(Array.isArray(data5)){
if(data5.length < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/anyOf/1/minItems",keyword:"minItems",params:{limit: 1},parentSchema:schema45.properties.expect.anyOf[1],data:data5});
errors++;
}
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
if(!(validate106(data5[i0], {instancePath:instancePath+"/expect/" + i0}))){
vErrors = join(vErrors, validate106.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/anyOf/1/type",keyword:"type",params:{type: "array"},parentSchema:schema45.properties.expect.anyOf[1],data:data5});
errors++;
}
var _valid0 = _errs14 === errors;
valid2 = valid2 || _valid0;
}
if(!valid2){
vErrors = put(vErrors, {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/anyOf",keyword:"anyOf",params:{},parentSchema:schema45.properties.expect,data:data5});
errors++;
}
else {
errors = _errs12;
if(vErrors !== null){
if(_errs12){
vErrors.length = _errs12;
}
else {
vErrors = null;
}
}
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema45,data});
errors++;
}
validate103.errors = vErrors;
return errors === 0;
}

const schema48 = {"type":"string","pattern":"^[a-z][a-z0-9_-]*$","x-is":"task-name"};
const pattern10 = new RegExp("^[a-z][a-z0-9_-]*$", "u");

function validate111(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern10.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_-]*$"},parentSchema:schema48,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema48,data});
errors++;
}
validate111.errors = vErrors;
return errors === 0;
}

const schema49 = {"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"json"}};

function validate113(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate95(key0, {instancePath}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema49,data});
errors++;
}
}
for(const key1 in data){
if(!(validate104(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema49,data});
errors++;
}
validate113.errors = vErrors;
return errors === 0;
}

const schema50 = {"type":"object","propertyNames":{"$ref":"variableName"},"additionalProperties":{"type":"string"}};
const schema51 = {"type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]*$","x-is":"variable-name"};
const pattern11 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");

function validate118(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern11.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},parentSchema:schema51,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema51,data});
errors++;
}
validate118.errors = vErrors;
return errors === 0;
}


function validate117(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate118(key0, {instancePath}))){
vErrors = join(vErrors, validate118.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema50,data});
errors++;
}
}
for(const key1 in data){
let data0 = data[key1];
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/additionalProperties/type",keyword:"type",params:{type: "string"},parentSchema:schema50.additionalProperties,data:data0});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema50,data});
errors++;
}
validate117.errors = vErrors;
return errors === 0;
}

const schema52 = {"enum":["sh","bash"]};

function validate121(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!((data === "sh") || (data === "bash"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema52.enum},parentSchema:schema52,data});
errors++;
}
validate121.errors = vErrors;
return errors === 0;
}


function validate98(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.run === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "run"},parentSchema:schema42.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema42.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.http === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "http"},parentSchema:schema42.oneOf[2],data});
errors++;
}
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
}
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.agent === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/3/required",keyword:"required",params:{missingProperty: "agent"},parentSchema:schema42.oneOf[3],data});
errors++;
}
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid0 = true;
passing0 = 3;
}
}
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema42,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema42.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema42,data});
errors++;
}
}
if(data.run !== undefined){
if(!(validate99(data.run, {instancePath:instancePath+"/run"}))){
vErrors = join(vErrors, validate99.errors);
errors = vErrors.length;
}
}
if(data.uses !== undefined){
if(!(validate101(data.uses, {instancePath:instancePath+"/uses"}))){
vErrors = join(vErrors, validate101.errors);
errors = vErrors.length;
}
}
if(data.http !== undefined){
if(!(validate103(data.http, {instancePath:instancePath+"/http"}))){
vErrors = join(vErrors, validate103.errors);
errors = vErrors.length;
}
}
if(data.agent !== undefined){
if(!(validate53(data.agent, {instancePath:instancePath+"/agent"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
if(data.task !== undefined){
if(!(validate111(data.task, {instancePath:instancePath+"/task"}))){
vErrors = join(vErrors, validate111.errors);
errors = vErrors.length;
}
}
if(data.with !== undefined){
if(!(validate113(data.with, {instancePath:instancePath+"/with"}))){
vErrors = join(vErrors, validate113.errors);
errors = vErrors.length;
}
}
if(data.env !== undefined){
if(!(validate117(data.env, {instancePath:instancePath+"/env"}))){
vErrors = join(vErrors, validate117.errors);
errors = vErrors.length;
}
}
if(data.shell !== undefined){
if(!(validate121(data.shell, {instancePath:instancePath+"/shell"}))){
vErrors = join(vErrors, validate121.errors);
errors = vErrors.length;
}
}
if(data.timeout !== undefined){
if(!(validate91(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate91.errors);
errors = vErrors.length;
}
}
if(data.task !== undefined){
if(data.agent === undefined){
const err6 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "task",
    missingProperty: "agent",
    depsCount: 1,
    deps: "agent"},schema:schema42.dependentRequired,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.agent !== undefined){
if(data.task === undefined){
const err7 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "agent",
    missingProperty: "task",
    depsCount: 1,
    deps: "task"},schema:schema42.dependentRequired,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.shell !== undefined){
if(data.run === undefined){
const err8 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "shell",
    missingProperty: "run",
    depsCount: 1,
    deps: "run"},schema:schema42.dependentRequired,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema42,data});
errors++;
}
validate98.errors = vErrors;
return errors === 0;
}


function validate97(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.match === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "match"},parentSchema:schema41.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.exit === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "exit"},parentSchema:schema41.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema41,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "match") || (key0 === "exit")) || (key0 === "recover")) || (key0 === "hint"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema41,data});
errors++;
}
}
if(data.match !== undefined){
let data0 = data.match;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/match",schemaPath:"#/properties/match/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema41.properties.match,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/match",schemaPath:"#/properties/match/type",keyword:"type",params:{type: "string"},parentSchema:schema41.properties.match,data:data0});
errors++;
}
}
if(data.exit !== undefined){
let data1 = data.exit;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
vErrors = put(vErrors, {instancePath:instancePath+"/exit",schemaPath:"#/properties/exit/type",keyword:"type",params:{type: "integer"},parentSchema:schema41.properties.exit,data:data1});
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 255 || isNaN(data1)){
vErrors = put(vErrors, {instancePath:instancePath+"/exit",schemaPath:"#/properties/exit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 255},parentSchema:schema41.properties.exit,data:data1});
errors++;
}
if(data1 < 0 || isNaN(data1)){
vErrors = put(vErrors, {instancePath:instancePath+"/exit",schemaPath:"#/properties/exit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema41.properties.exit,data:data1});
errors++;
}
}
}
if(data.recover !== undefined){
if(!(validate98(data.recover, {instancePath:instancePath+"/recover"}))){
vErrors = join(vErrors, validate98.errors);
errors = vErrors.length;
}
}
if(data.hint !== undefined){
let data3 = data.hint;
if(typeof data3 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/hint",schemaPath:"#/properties/hint/type",keyword:"type",params:{type: "string"},parentSchema:schema41.properties.hint,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema41,data});
errors++;
}
validate97.errors = vErrors;
return errors === 0;
}


function validate94(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate95(key0, {instancePath}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema39,data});
errors++;
}
}
for(const key1 in data){
if(!(validate97(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate97.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema39,data});
errors++;
}
validate94.errors = vErrors;
return errors === 0;
}

const schema53 = {"type":"object","additionalProperties":false,"required":["attempts"],"properties":{"attempts":{"$ref":"countOrTemplate"},"only":{"type":"array","items":{"$ref":"name"}},"backoff":{"$ref":"duration"},"factor":{"type":"number","minimum":1},"max":{"$ref":"duration"},"jitter":{"$ref":"percent"},"narrow":{"type":"boolean"}}};
const schema54 = {"x-expects":"a whole number of 1 or more, or one `${{ }}` that gives it","anyOf":[{"type":"integer","minimum":1},{"$ref":"template"}]};
const schema55 = {"type":"string","pattern":"^\\$\\{\\{[\\s\\S]*\\}\\}$","x-is":"template"};
const pattern12 = new RegExp("^\\$\\{\\{[\\s\\S]*\\}\\}$", "u");

function validate129(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern12.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^\\$\\{\\{[\\s\\S]*\\}\\}$"},parentSchema:schema55,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema55,data});
errors++;
}
validate129.errors = vErrors;
return errors === 0;
}


function validate128(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(((typeof data == "number") && (!(data % 1) && !isNaN(data))) && (isFinite(data)))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "integer"},parentSchema:schema54.anyOf[0],data});
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data < 1 || isNaN(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema54.anyOf[0],data});
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs3 = errors;
if(!(validate129(data, {instancePath}))){
vErrors = join(vErrors, validate129.errors);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema54,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate128.errors = vErrors;
return errors === 0;
}

const schema56 = {"type":"string","pattern":"^(?:100|[0-9]{1,2})%$","x-is":"percent"};
const pattern13 = new RegExp("^(?:100|[0-9]{1,2})%$", "u");

function validate135(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern13.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?:100|[0-9]{1,2})%$"},parentSchema:schema56,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema56,data});
errors++;
}
validate135.errors = vErrors;
return errors === 0;
}


function validate127(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.attempts === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "attempts"},parentSchema:schema53,data});
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "attempts") || (key0 === "only")) || (key0 === "backoff")) || (key0 === "factor")) || (key0 === "max")) || (key0 === "jitter")) || (key0 === "narrow"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema53,data});
errors++;
}
}
if(data.attempts !== undefined){
if(!(validate128(data.attempts, {instancePath:instancePath+"/attempts"}))){
vErrors = join(vErrors, validate128.errors);
errors = vErrors.length;
}
}
if(data.only !== undefined){
let data1 = data.only;
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!(validate95(data1[i0], {instancePath:instancePath+"/only/" + i0}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/only",schemaPath:"#/properties/only/type",keyword:"type",params:{type: "array"},parentSchema:schema53.properties.only,data:data1});
errors++;
}
}
if(data.backoff !== undefined){
if(!(validate85(data.backoff, {instancePath:instancePath+"/backoff"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.factor !== undefined){
let data4 = data.factor;
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
vErrors = put(vErrors, {instancePath:instancePath+"/factor",schemaPath:"#/properties/factor/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema53.properties.factor,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/factor",schemaPath:"#/properties/factor/type",keyword:"type",params:{type: "number"},parentSchema:schema53.properties.factor,data:data4});
errors++;
}
}
if(data.max !== undefined){
if(!(validate85(data.max, {instancePath:instancePath+"/max"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.jitter !== undefined){
if(!(validate135(data.jitter, {instancePath:instancePath+"/jitter"}))){
vErrors = join(vErrors, validate135.errors);
errors = vErrors.length;
}
}
if(data.narrow !== undefined){
let data7 = data.narrow;
if(typeof data7 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/narrow",schemaPath:"#/properties/narrow/type",keyword:"type",params:{type: "boolean"},parentSchema:schema53.properties.narrow,data:data7});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema53,data});
errors++;
}
validate127.errors = vErrors;
return errors === 0;
}

const schema57 = {"enum":["rerun","fail","ask"]};

function validate138(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "rerun") || (data === "fail")) || (data === "ask"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema57.enum},parentSchema:schema57,data});
errors++;
}
validate138.errors = vErrors;
return errors === 0;
}

const schema58 = {"const":"worktree"};

function validate142(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if("worktree" !== data){
vErrors = put(vErrors, {instancePath,schemaPath:"#/const",keyword:"const",params:{allowedValue: "worktree"},parentSchema:schema58,data});
errors++;
}
validate142.errors = vErrors;
return errors === 0;
}

const schema59 = {"enum":["none","auto","required"]};

function validate144(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "none") || (data === "auto")) || (data === "required"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema59.enum},parentSchema:schema59,data});
errors++;
}
validate144.errors = vErrors;
return errors === 0;
}

const schema60 = {"type":"object","additionalProperties":false,"properties":{"usd":{"type":"number","minimum":0},"tokens":{"type":"integer","minimum":1},"turns":{"type":"integer","minimum":1}}};

function validate146(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "usd") || (key0 === "tokens")) || (key0 === "turns"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema60,data});
errors++;
}
}
if(data.usd !== undefined){
let data0 = data.usd;
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
vErrors = put(vErrors, {instancePath:instancePath+"/usd",schemaPath:"#/properties/usd/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema60.properties.usd,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/usd",schemaPath:"#/properties/usd/type",keyword:"type",params:{type: "number"},parentSchema:schema60.properties.usd,data:data0});
errors++;
}
}
if(data.tokens !== undefined){
let data1 = data.tokens;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
vErrors = put(vErrors, {instancePath:instancePath+"/tokens",schemaPath:"#/properties/tokens/type",keyword:"type",params:{type: "integer"},parentSchema:schema60.properties.tokens,data:data1});
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
vErrors = put(vErrors, {instancePath:instancePath+"/tokens",schemaPath:"#/properties/tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema60.properties.tokens,data:data1});
errors++;
}
}
}
if(data.turns !== undefined){
let data2 = data.turns;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
vErrors = put(vErrors, {instancePath:instancePath+"/turns",schemaPath:"#/properties/turns/type",keyword:"type",params:{type: "integer"},parentSchema:schema60.properties.turns,data:data2});
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
vErrors = put(vErrors, {instancePath:instancePath+"/turns",schemaPath:"#/properties/turns/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema60.properties.turns,data:data2});
errors++;
}
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema60,data});
errors++;
}
validate146.errors = vErrors;
return errors === 0;
}


function validate82(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema33.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema33,data});
errors++;
}
}
if(data.timeout !== undefined){
if(!(validate83(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.grace !== undefined){
if(!(validate85(data.grace, {instancePath:instancePath+"/grace"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.due !== undefined){
if(!(validate83(data.due, {instancePath:instancePath+"/due"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.on_timeout !== undefined){
if(!(validate88(data.on_timeout, {instancePath:instancePath+"/on_timeout"}))){
vErrors = join(vErrors, validate88.errors);
errors = vErrors.length;
}
}
if(data.stall !== undefined){
if(!(validate90(data.stall, {instancePath:instancePath+"/stall"}))){
vErrors = join(vErrors, validate90.errors);
errors = vErrors.length;
}
}
if(data.failures !== undefined){
if(!(validate94(data.failures, {instancePath:instancePath+"/failures"}))){
vErrors = join(vErrors, validate94.errors);
errors = vErrors.length;
}
}
if(data.retry !== undefined){
if(!(validate127(data.retry, {instancePath:instancePath+"/retry"}))){
vErrors = join(vErrors, validate127.errors);
errors = vErrors.length;
}
}
if(data.interrupted !== undefined){
if(!(validate138(data.interrupted, {instancePath:instancePath+"/interrupted"}))){
vErrors = join(vErrors, validate138.errors);
errors = vErrors.length;
}
}
if(data.env !== undefined){
if(!(validate117(data.env, {instancePath:instancePath+"/env"}))){
vErrors = join(vErrors, validate117.errors);
errors = vErrors.length;
}
}
if(data.cwd !== undefined){
let data9 = data.cwd;
if(typeof data9 === "string"){
if(func3(data9) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema33.properties.cwd,data:data9});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/type",keyword:"type",params:{type: "string"},parentSchema:schema33.properties.cwd,data:data9});
errors++;
}
}
if(data.shell !== undefined){
if(!(validate121(data.shell, {instancePath:instancePath+"/shell"}))){
vErrors = join(vErrors, validate121.errors);
errors = vErrors.length;
}
}
if(data.isolation !== undefined){
if(!(validate142(data.isolation, {instancePath:instancePath+"/isolation"}))){
vErrors = join(vErrors, validate142.errors);
errors = vErrors.length;
}
}
if(data.sandbox !== undefined){
if(!(validate144(data.sandbox, {instancePath:instancePath+"/sandbox"}))){
vErrors = join(vErrors, validate144.errors);
errors = vErrors.length;
}
}
if(data.budget !== undefined){
if(!(validate146(data.budget, {instancePath:instancePath+"/budget"}))){
vErrors = join(vErrors, validate146.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema33,data});
errors++;
}
validate82.errors = vErrors;
return errors === 0;
}

const schema61 = {"type":"object","additionalProperties":false,"properties":{"description":{"type":"string"},"run":{"$ref":"runText"},"uses":{"$ref":"usesName"},"http":{"$ref":"http"},"prompt":{"$ref":"promptSource"},"runner":{"enum":["anthropic","claude-code","shell"]},"tier":{"type":"string","minLength":1},"tools":{"type":"array","items":{"type":"string","minLength":1}},"inputs":{"$ref":"valueSchemas"},"outputs":{"$ref":"valueSchemas"},"with":{"$ref":"values"},"timeout":{"$ref":"limitOrTemplate"},"grace":{"$ref":"duration"},"stall":{"$ref":"stall"},"failures":{"$ref":"failures"},"retry":{"$ref":"retry"},"effects":{"$ref":"effects"},"interrupted":{"$ref":"interrupted"},"env":{"$ref":"environment"},"cwd":{"type":"string","minLength":1},"shell":{"$ref":"shell"},"mutex":{"type":"string","minLength":1},"checks":{"$ref":"checks"},"isolation":{"$ref":"isolation"},"sandbox":{"$ref":"sandbox"},"owns":{"$ref":"owns"},"permissions":{"$ref":"permissions"},"budget":{"$ref":"budget"}},"oneOf":[{"required":["run"]},{"required":["uses"]},{"required":["http"]},{"required":["prompt"]}],"x-one-of":["run","uses","http","prompt"],"x-what":"task","dependentRequired":{"shell":["run"]},"dependentSchemas":{"with":{"x-key":"with","x-belongs":["uses"],"anyOf":[{"required":["uses"]}]}}};
const schema62 = {"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"valueSchema"}};
const schema63 = {"type":"object","additionalProperties":false,"properties":{"type":{"$ref":"valueType"},"description":{"type":"string"},"enum":{"type":"array","minItems":1,"items":{"$ref":"json"}},"const":{"$ref":"json"},"default":{"$ref":"json"},"optional":{"type":"boolean"},"pattern":{"type":"string"},"format":{"enum":["uri","email","date","date-time","uuid"]},"minLength":{"type":"integer","minimum":0},"maxLength":{"type":"integer","minimum":0},"minimum":{"type":"number"},"maximum":{"type":"number"},"items":{"$ref":"valueSchema"},"minItems":{"type":"integer","minimum":0},"maxItems":{"type":"integer","minimum":0},"properties":{"type":"object","additionalProperties":{"$ref":"valueSchema"}},"required":{"type":"array","items":{"type":"string"}},"additionalProperties":{"type":"boolean"}}};
const schema64 = {"enum":["string","integer","number","boolean","array","object"]};

function validate159(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!((((((data === "string") || (data === "integer")) || (data === "number")) || (data === "boolean")) || (data === "array")) || (data === "object"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema64.enum},parentSchema:schema64,data});
errors++;
}
validate159.errors = vErrors;
return errors === 0;
}

const wrapper0 = {validate: validate158};

function validate158(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema63.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema63,data});
errors++;
}
}
if(data.type !== undefined){
if(!(validate159(data.type, {instancePath:instancePath+"/type"}))){
vErrors = join(vErrors, validate159.errors);
errors = vErrors.length;
}
}
if(data.description !== undefined){
let data1 = data.description;
if(typeof data1 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema63.properties.description,data:data1});
errors++;
}
}
if(data.enum !== undefined){
let data2 = data.enum;
if(Array.isArray(data2)){
if(data2.length < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/enum",schemaPath:"#/properties/enum/minItems",keyword:"minItems",params:{limit: 1},parentSchema:schema63.properties.enum,data:data2});
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate104(data2[i0], {instancePath:instancePath+"/enum/" + i0}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/enum",schemaPath:"#/properties/enum/type",keyword:"type",params:{type: "array"},parentSchema:schema63.properties.enum,data:data2});
errors++;
}
}
if(data.const !== undefined){
if(!(validate104(data.const, {instancePath:instancePath+"/const"}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
if(data.default !== undefined){
if(!(validate104(data.default, {instancePath:instancePath+"/default"}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
if(data.optional !== undefined){
let data6 = data.optional;
if(typeof data6 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/optional",schemaPath:"#/properties/optional/type",keyword:"type",params:{type: "boolean"},parentSchema:schema63.properties.optional,data:data6});
errors++;
}
}
if(data.pattern !== undefined){
let data7 = data.pattern;
if(typeof data7 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/pattern",schemaPath:"#/properties/pattern/type",keyword:"type",params:{type: "string"},parentSchema:schema63.properties.pattern,data:data7});
errors++;
}
}
if(data.format !== undefined){
let data8 = data.format;
if(!(((((data8 === "uri") || (data8 === "email")) || (data8 === "date")) || (data8 === "date-time")) || (data8 === "uuid"))){
vErrors = put(vErrors, {instancePath:instancePath+"/format",schemaPath:"#/properties/format/enum",keyword:"enum",params:{allowedValues: schema63.properties.format.enum},parentSchema:schema63.properties.format,data:data8});
errors++;
}
}
if(data.minLength !== undefined){
let data9 = data.minLength;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
vErrors = put(vErrors, {instancePath:instancePath+"/minLength",schemaPath:"#/properties/minLength/type",keyword:"type",params:{type: "integer"},parentSchema:schema63.properties.minLength,data:data9});
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
vErrors = put(vErrors, {instancePath:instancePath+"/minLength",schemaPath:"#/properties/minLength/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema63.properties.minLength,data:data9});
errors++;
}
}
}
if(data.maxLength !== undefined){
let data10 = data.maxLength;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
vErrors = put(vErrors, {instancePath:instancePath+"/maxLength",schemaPath:"#/properties/maxLength/type",keyword:"type",params:{type: "integer"},parentSchema:schema63.properties.maxLength,data:data10});
errors++;
}
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
vErrors = put(vErrors, {instancePath:instancePath+"/maxLength",schemaPath:"#/properties/maxLength/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema63.properties.maxLength,data:data10});
errors++;
}
}
}
if(data.minimum !== undefined){
let data11 = data.minimum;
if(!((typeof data11 == "number") && (isFinite(data11)))){
vErrors = put(vErrors, {instancePath:instancePath+"/minimum",schemaPath:"#/properties/minimum/type",keyword:"type",params:{type: "number"},parentSchema:schema63.properties.minimum,data:data11});
errors++;
}
}
if(data.maximum !== undefined){
let data12 = data.maximum;
if(!((typeof data12 == "number") && (isFinite(data12)))){
vErrors = put(vErrors, {instancePath:instancePath+"/maximum",schemaPath:"#/properties/maximum/type",keyword:"type",params:{type: "number"},parentSchema:schema63.properties.maximum,data:data12});
errors++;
}
}
if(data.items !== undefined){
if(!(wrapper0.validate(data.items, {instancePath:instancePath+"/items"}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
}
if(data.minItems !== undefined){
let data14 = data.minItems;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
vErrors = put(vErrors, {instancePath:instancePath+"/minItems",schemaPath:"#/properties/minItems/type",keyword:"type",params:{type: "integer"},parentSchema:schema63.properties.minItems,data:data14});
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 0 || isNaN(data14)){
vErrors = put(vErrors, {instancePath:instancePath+"/minItems",schemaPath:"#/properties/minItems/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema63.properties.minItems,data:data14});
errors++;
}
}
}
if(data.maxItems !== undefined){
let data15 = data.maxItems;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
vErrors = put(vErrors, {instancePath:instancePath+"/maxItems",schemaPath:"#/properties/maxItems/type",keyword:"type",params:{type: "integer"},parentSchema:schema63.properties.maxItems,data:data15});
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 < 0 || isNaN(data15)){
vErrors = put(vErrors, {instancePath:instancePath+"/maxItems",schemaPath:"#/properties/maxItems/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema63.properties.maxItems,data:data15});
errors++;
}
}
}
if(data.properties !== undefined){
let data16 = data.properties;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key1 in data16){
if(!(wrapper0.validate(data16[key1], {instancePath:instancePath+"/properties/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/properties",schemaPath:"#/properties/properties/type",keyword:"type",params:{type: "object"},parentSchema:schema63.properties.properties,data:data16});
errors++;
}
}
if(data.required !== undefined){
let data18 = data.required;
if(Array.isArray(data18)){
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
let data19 = data18[i1];
if(typeof data19 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/required/" + i1,schemaPath:"#/properties/required/items/type",keyword:"type",params:{type: "string"},parentSchema:schema63.properties.required.items,data:data19});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/required",schemaPath:"#/properties/required/type",keyword:"type",params:{type: "array"},parentSchema:schema63.properties.required,data:data18});
errors++;
}
}
if(data.additionalProperties !== undefined){
let data20 = data.additionalProperties;
if(typeof data20 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/additionalProperties",schemaPath:"#/properties/additionalProperties/type",keyword:"type",params:{type: "boolean"},parentSchema:schema63.properties.additionalProperties,data:data20});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema63,data});
errors++;
}
validate158.errors = vErrors;
return errors === 0;
}


function validate156(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate95(key0, {instancePath}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema62,data});
errors++;
}
}
for(const key1 in data){
if(!(validate158(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate158.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema62,data});
errors++;
}
validate156.errors = vErrors;
return errors === 0;
}

const schema65 = {"enum":["none","workspace","external"]};

function validate173(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "none") || (data === "workspace")) || (data === "external"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema65.enum},parentSchema:schema65,data});
errors++;
}
validate173.errors = vErrors;
return errors === 0;
}

const schema66 = {"type":"array","items":{"$ref":"check"}};
const schema67 = {"type":"object","additionalProperties":false,"properties":{"id":{"$ref":"name"},"title":{"type":"string","minLength":1},"level":{"$ref":"level"},"for":{"type":"array","items":{"$ref":"taskName"}},"timeout":{"$ref":"limit"},"when":{"$ref":"condition"},"paths":{"$ref":"globs"},"run":{"$ref":"runText"},"uses":{"$ref":"usesName"},"with":{"$ref":"values"},"http":{"$ref":"http"},"file":{"type":"string","minLength":1},"require":{"$ref":"condition"},"agent":{"$ref":"dashedName"},"task":{"$ref":"taskName"},"ask":{"$ref":"checkAsk"},"env":{"$ref":"environment"},"cwd":{"type":"string","minLength":1},"shell":{"$ref":"shell"}},"oneOf":[{"required":["run"]},{"required":["uses"]},{"required":["http"]},{"required":["file"]},{"required":["require"]},{"required":["agent"]},{"required":["ask"]}],"x-one-of":["run","uses","http","file","require","agent","ask"],"x-what":"check","dependentRequired":{"task":["agent"],"agent":["task"],"shell":["run"]},"dependentSchemas":{"with":{"x-key":"with","x-belongs":["uses","agent"],"anyOf":[{"required":["uses"]},{"required":["agent"]}]}},"not":{"required":["when","paths"]},"x-not":["when","paths"]};
const schema68 = {"enum":["mandatory","advisory"]};

function validate181(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!((data === "mandatory") || (data === "advisory"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema68.enum},parentSchema:schema68,data});
errors++;
}
validate181.errors = vErrors;
return errors === 0;
}

const schema69 = {"type":["string","boolean"],"x-is":"condition"};

function validate185(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if((typeof data !== "string") && (typeof data !== "boolean")){
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema69.type},parentSchema:schema69,data});
errors++;
}
validate185.errors = vErrors;
return errors === 0;
}

const schema70 = {"type":"object","additionalProperties":false,"properties":{"prompt":{"type":"string","minLength":1},"from":{"$ref":"roles"}}};
const schema71 = {"type":"array","items":{"type":"string","minLength":1}};

function validate196(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/" + i0,schemaPath:"#/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema71.items,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "string"},parentSchema:schema71.items,data:data0});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},parentSchema:schema71,data});
errors++;
}
validate196.errors = vErrors;
return errors === 0;
}


function validate195(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "prompt") || (key0 === "from"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema70,data});
errors++;
}
}
if(data.prompt !== undefined){
let data0 = data.prompt;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema70.properties.prompt,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/type",keyword:"type",params:{type: "string"},parentSchema:schema70.properties.prompt,data:data0});
errors++;
}
}
if(data.from !== undefined){
if(!(validate196(data.from, {instancePath:instancePath+"/from"}))){
vErrors = join(vErrors, validate196.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema70,data});
errors++;
}
validate195.errors = vErrors;
return errors === 0;
}


function validate179(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.when === undefined) && (missing0 = "when")) || ((data.paths === undefined) && (missing0 = "paths"))){
vErrors = put(vErrors, {});
errors++;
}
}
var valid0 = _errs2 === errors;
if(valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/not",keyword:"not",params:{},parentSchema:schema67,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
const _errs3 = errors;
let valid1 = false;
let passing0 = null;
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.run === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "run"},parentSchema:schema67.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs4 === errors;
if(_valid0){
valid1 = true;
passing0 = 0;
}
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema67.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid1 = true;
passing0 = 1;
}
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.http === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "http"},parentSchema:schema67.oneOf[2],data});
errors++;
}
}
var _valid0 = _errs6 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid1 = true;
passing0 = 2;
}
const _errs7 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.file === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/3/required",keyword:"required",params:{missingProperty: "file"},parentSchema:schema67.oneOf[3],data});
errors++;
}
}
var _valid0 = _errs7 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid1 = true;
passing0 = 3;
}
const _errs8 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.require === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/4/required",keyword:"required",params:{missingProperty: "require"},parentSchema:schema67.oneOf[4],data});
errors++;
}
}
var _valid0 = _errs8 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 4];
}
else {
if(_valid0){
valid1 = true;
passing0 = 4;
}
const _errs9 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.agent === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/5/required",keyword:"required",params:{missingProperty: "agent"},parentSchema:schema67.oneOf[5],data});
errors++;
}
}
var _valid0 = _errs9 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 5];
}
else {
if(_valid0){
valid1 = true;
passing0 = 5;
}
const _errs10 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ask === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/6/required",keyword:"required",params:{missingProperty: "ask"},parentSchema:schema67.oneOf[6],data});
errors++;
}
}
var _valid0 = _errs10 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 6];
}
else {
if(_valid0){
valid1 = true;
passing0 = 6;
}
}
}
}
}
}
}
if(!valid1){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema67,data});
errors++;
}
else {
errors = _errs3;
if(vErrors !== null){
if(_errs3){
vErrors.length = _errs3;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema67.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema67,data});
errors++;
}
}
if(data.id !== undefined){
if(!(validate95(data.id, {instancePath:instancePath+"/id"}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
if(data.title !== undefined){
let data1 = data.title;
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/title",schemaPath:"#/properties/title/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema67.properties.title,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/title",schemaPath:"#/properties/title/type",keyword:"type",params:{type: "string"},parentSchema:schema67.properties.title,data:data1});
errors++;
}
}
if(data.level !== undefined){
if(!(validate181(data.level, {instancePath:instancePath+"/level"}))){
vErrors = join(vErrors, validate181.errors);
errors = vErrors.length;
}
}
if(data.for !== undefined){
let data3 = data.for;
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
if(!(validate111(data3[i0], {instancePath:instancePath+"/for/" + i0}))){
vErrors = join(vErrors, validate111.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/for",schemaPath:"#/properties/for/type",keyword:"type",params:{type: "array"},parentSchema:schema67.properties.for,data:data3});
errors++;
}
}
if(data.timeout !== undefined){
if(!(validate91(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate91.errors);
errors = vErrors.length;
}
}
if(data.when !== undefined){
if(!(validate185(data.when, {instancePath:instancePath+"/when"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.paths !== undefined){
if(!(validate73(data.paths, {instancePath:instancePath+"/paths"}))){
vErrors = join(vErrors, validate73.errors);
errors = vErrors.length;
}
}
if(data.run !== undefined){
if(!(validate99(data.run, {instancePath:instancePath+"/run"}))){
vErrors = join(vErrors, validate99.errors);
errors = vErrors.length;
}
}
if(data.uses !== undefined){
if(!(validate101(data.uses, {instancePath:instancePath+"/uses"}))){
vErrors = join(vErrors, validate101.errors);
errors = vErrors.length;
}
}
if(data.with !== undefined){
if(!(validate113(data.with, {instancePath:instancePath+"/with"}))){
vErrors = join(vErrors, validate113.errors);
errors = vErrors.length;
}
}
if(data.http !== undefined){
if(!(validate103(data.http, {instancePath:instancePath+"/http"}))){
vErrors = join(vErrors, validate103.errors);
errors = vErrors.length;
}
}
if(data.file !== undefined){
let data12 = data.file;
if(typeof data12 === "string"){
if(func3(data12) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/file",schemaPath:"#/properties/file/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema67.properties.file,data:data12});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"},parentSchema:schema67.properties.file,data:data12});
errors++;
}
}
if(data.require !== undefined){
if(!(validate185(data.require, {instancePath:instancePath+"/require"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.agent !== undefined){
if(!(validate53(data.agent, {instancePath:instancePath+"/agent"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
if(data.task !== undefined){
if(!(validate111(data.task, {instancePath:instancePath+"/task"}))){
vErrors = join(vErrors, validate111.errors);
errors = vErrors.length;
}
}
if(data.ask !== undefined){
if(!(validate195(data.ask, {instancePath:instancePath+"/ask"}))){
vErrors = join(vErrors, validate195.errors);
errors = vErrors.length;
}
}
if(data.env !== undefined){
if(!(validate117(data.env, {instancePath:instancePath+"/env"}))){
vErrors = join(vErrors, validate117.errors);
errors = vErrors.length;
}
}
if(data.cwd !== undefined){
let data18 = data.cwd;
if(typeof data18 === "string"){
if(func3(data18) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema67.properties.cwd,data:data18});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/type",keyword:"type",params:{type: "string"},parentSchema:schema67.properties.cwd,data:data18});
errors++;
}
}
if(data.shell !== undefined){
if(!(validate121(data.shell, {instancePath:instancePath+"/shell"}))){
vErrors = join(vErrors, validate121.errors);
errors = vErrors.length;
}
}
if(data.task !== undefined){
if(data.agent === undefined){
const err18 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "task",
    missingProperty: "agent",
    depsCount: 1,
    deps: "agent"},schema:schema67.dependentRequired,parentSchema:schema67,data};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.agent !== undefined){
if(data.task === undefined){
const err19 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "agent",
    missingProperty: "task",
    depsCount: 1,
    deps: "task"},schema:schema67.dependentRequired,parentSchema:schema67,data};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.shell !== undefined){
if(data.run === undefined){
const err20 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "shell",
    missingProperty: "run",
    depsCount: 1,
    deps: "run"},schema:schema67.dependentRequired,parentSchema:schema67,data};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.with !== undefined){
const _errs40 = errors;
let valid6 = false;
const _errs41 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/0/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema67.dependentSchemas.with.anyOf[0],data});
errors++;
}
}
var _valid1 = _errs41 === errors;
valid6 = valid6 || _valid1;
if(!valid6){
const _errs42 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.agent === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/1/required",keyword:"required",params:{missingProperty: "agent"},parentSchema:schema67.dependentSchemas.with.anyOf[1],data});
errors++;
}
}
var _valid1 = _errs42 === errors;
valid6 = valid6 || _valid1;
}
if(!valid6){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf",keyword:"anyOf",params:{},parentSchema:schema67.dependentSchemas.with,data});
errors++;
}
else {
errors = _errs40;
if(vErrors !== null){
if(_errs40){
vErrors.length = _errs40;
}
else {
vErrors = null;
}
}
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema67,data});
errors++;
}
validate179.errors = vErrors;
return errors === 0;
}


function validate178(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
if(!(validate179(data[i0], {instancePath:instancePath+"/" + i0}))){
vErrors = join(vErrors, validate179.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},parentSchema:schema66,data});
errors++;
}
validate178.errors = vErrors;
return errors === 0;
}


function validate151(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.run === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "run"},parentSchema:schema61.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema61.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.http === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "http"},parentSchema:schema61.oneOf[2],data});
errors++;
}
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
}
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.prompt === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/3/required",keyword:"required",params:{missingProperty: "prompt"},parentSchema:schema61.oneOf[3],data});
errors++;
}
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid0 = true;
passing0 = 3;
}
}
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema61,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema61.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema61,data});
errors++;
}
}
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema61.properties.description,data:data0});
errors++;
}
}
if(data.run !== undefined){
if(!(validate99(data.run, {instancePath:instancePath+"/run"}))){
vErrors = join(vErrors, validate99.errors);
errors = vErrors.length;
}
}
if(data.uses !== undefined){
if(!(validate101(data.uses, {instancePath:instancePath+"/uses"}))){
vErrors = join(vErrors, validate101.errors);
errors = vErrors.length;
}
}
if(data.http !== undefined){
if(!(validate103(data.http, {instancePath:instancePath+"/http"}))){
vErrors = join(vErrors, validate103.errors);
errors = vErrors.length;
}
}
if(data.prompt !== undefined){
if(!(validate66(data.prompt, {instancePath:instancePath+"/prompt"}))){
vErrors = join(vErrors, validate66.errors);
errors = vErrors.length;
}
}
if(data.runner !== undefined){
let data5 = data.runner;
if(!(((data5 === "anthropic") || (data5 === "claude-code")) || (data5 === "shell"))){
vErrors = put(vErrors, {instancePath:instancePath+"/runner",schemaPath:"#/properties/runner/enum",keyword:"enum",params:{allowedValues: schema61.properties.runner.enum},parentSchema:schema61.properties.runner,data:data5});
errors++;
}
}
if(data.tier !== undefined){
let data6 = data.tier;
if(typeof data6 === "string"){
if(func3(data6) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/tier",schemaPath:"#/properties/tier/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema61.properties.tier,data:data6});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tier",schemaPath:"#/properties/tier/type",keyword:"type",params:{type: "string"},parentSchema:schema61.properties.tier,data:data6});
errors++;
}
}
if(data.tools !== undefined){
let data7 = data.tools;
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
if(typeof data8 === "string"){
if(func3(data8) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/tools/" + i0,schemaPath:"#/properties/tools/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema61.properties.tools.items,data:data8});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tools/" + i0,schemaPath:"#/properties/tools/items/type",keyword:"type",params:{type: "string"},parentSchema:schema61.properties.tools.items,data:data8});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tools",schemaPath:"#/properties/tools/type",keyword:"type",params:{type: "array"},parentSchema:schema61.properties.tools,data:data7});
errors++;
}
}
if(data.inputs !== undefined){
if(!(validate156(data.inputs, {instancePath:instancePath+"/inputs"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
if(data.outputs !== undefined){
if(!(validate156(data.outputs, {instancePath:instancePath+"/outputs"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
if(data.with !== undefined){
if(!(validate113(data.with, {instancePath:instancePath+"/with"}))){
vErrors = join(vErrors, validate113.errors);
errors = vErrors.length;
}
}
if(data.timeout !== undefined){
if(!(validate83(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.grace !== undefined){
if(!(validate85(data.grace, {instancePath:instancePath+"/grace"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.stall !== undefined){
if(!(validate90(data.stall, {instancePath:instancePath+"/stall"}))){
vErrors = join(vErrors, validate90.errors);
errors = vErrors.length;
}
}
if(data.failures !== undefined){
if(!(validate94(data.failures, {instancePath:instancePath+"/failures"}))){
vErrors = join(vErrors, validate94.errors);
errors = vErrors.length;
}
}
if(data.retry !== undefined){
if(!(validate127(data.retry, {instancePath:instancePath+"/retry"}))){
vErrors = join(vErrors, validate127.errors);
errors = vErrors.length;
}
}
if(data.effects !== undefined){
if(!(validate173(data.effects, {instancePath:instancePath+"/effects"}))){
vErrors = join(vErrors, validate173.errors);
errors = vErrors.length;
}
}
if(data.interrupted !== undefined){
if(!(validate138(data.interrupted, {instancePath:instancePath+"/interrupted"}))){
vErrors = join(vErrors, validate138.errors);
errors = vErrors.length;
}
}
if(data.env !== undefined){
if(!(validate117(data.env, {instancePath:instancePath+"/env"}))){
vErrors = join(vErrors, validate117.errors);
errors = vErrors.length;
}
}
if(data.cwd !== undefined){
let data20 = data.cwd;
if(typeof data20 === "string"){
if(func3(data20) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema61.properties.cwd,data:data20});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/type",keyword:"type",params:{type: "string"},parentSchema:schema61.properties.cwd,data:data20});
errors++;
}
}
if(data.shell !== undefined){
if(!(validate121(data.shell, {instancePath:instancePath+"/shell"}))){
vErrors = join(vErrors, validate121.errors);
errors = vErrors.length;
}
}
if(data.mutex !== undefined){
let data22 = data.mutex;
if(typeof data22 === "string"){
if(func3(data22) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/mutex",schemaPath:"#/properties/mutex/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema61.properties.mutex,data:data22});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/mutex",schemaPath:"#/properties/mutex/type",keyword:"type",params:{type: "string"},parentSchema:schema61.properties.mutex,data:data22});
errors++;
}
}
if(data.checks !== undefined){
if(!(validate178(data.checks, {instancePath:instancePath+"/checks"}))){
vErrors = join(vErrors, validate178.errors);
errors = vErrors.length;
}
}
if(data.isolation !== undefined){
if(!(validate142(data.isolation, {instancePath:instancePath+"/isolation"}))){
vErrors = join(vErrors, validate142.errors);
errors = vErrors.length;
}
}
if(data.sandbox !== undefined){
if(!(validate144(data.sandbox, {instancePath:instancePath+"/sandbox"}))){
vErrors = join(vErrors, validate144.errors);
errors = vErrors.length;
}
}
if(data.owns !== undefined){
if(!(validate70(data.owns, {instancePath:instancePath+"/owns"}))){
vErrors = join(vErrors, validate70.errors);
errors = vErrors.length;
}
}
if(data.permissions !== undefined){
if(!(validate80(data.permissions, {instancePath:instancePath+"/permissions"}))){
vErrors = join(vErrors, validate80.errors);
errors = vErrors.length;
}
}
if(data.budget !== undefined){
if(!(validate146(data.budget, {instancePath:instancePath+"/budget"}))){
vErrors = join(vErrors, validate146.errors);
errors = vErrors.length;
}
}
if(data.shell !== undefined){
if(data.run === undefined){
const err17 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "shell",
    missingProperty: "run",
    depsCount: 1,
    deps: "run"},schema:schema61.dependentRequired,parentSchema:schema61,data};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.with !== undefined){
const _errs45 = errors;
let valid5 = false;
const _errs46 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/0/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema61.dependentSchemas.with.anyOf[0],data});
errors++;
}
}
var _valid1 = _errs46 === errors;
valid5 = valid5 || _valid1;
if(!valid5){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf",keyword:"anyOf",params:{},parentSchema:schema61.dependentSchemas.with,data});
errors++;
}
else {
errors = _errs45;
if(vErrors !== null){
if(_errs45){
vErrors.length = _errs45;
}
else {
vErrors = null;
}
}
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema61,data});
errors++;
}
validate151.errors = vErrors;
return errors === 0;
}


function validate65(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema25.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema25,data});
errors++;
}
}
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema25.properties.description,data:data0});
errors++;
}
}
if(data.tier !== undefined){
let data1 = data.tier;
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/tier",schemaPath:"#/properties/tier/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema25.properties.tier,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tier",schemaPath:"#/properties/tier/type",keyword:"type",params:{type: "string"},parentSchema:schema25.properties.tier,data:data1});
errors++;
}
}
if(data.prompt !== undefined){
if(!(validate66(data.prompt, {instancePath:instancePath+"/prompt"}))){
vErrors = join(vErrors, validate66.errors);
errors = vErrors.length;
}
}
if(data.tools !== undefined){
let data3 = data.tools;
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 === "string"){
if(func3(data4) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/tools/" + i0,schemaPath:"#/properties/tools/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema25.properties.tools.items,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tools/" + i0,schemaPath:"#/properties/tools/items/type",keyword:"type",params:{type: "string"},parentSchema:schema25.properties.tools.items,data:data4});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tools",schemaPath:"#/properties/tools/type",keyword:"type",params:{type: "array"},parentSchema:schema25.properties.tools,data:data3});
errors++;
}
}
if(data.owns !== undefined){
if(!(validate70(data.owns, {instancePath:instancePath+"/owns"}))){
vErrors = join(vErrors, validate70.errors);
errors = vErrors.length;
}
}
if(data.permissions !== undefined){
if(!(validate80(data.permissions, {instancePath:instancePath+"/permissions"}))){
vErrors = join(vErrors, validate80.errors);
errors = vErrors.length;
}
}
if(data.max_parallel !== undefined){
let data7 = data.max_parallel;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
vErrors = put(vErrors, {instancePath:instancePath+"/max_parallel",schemaPath:"#/properties/max_parallel/type",keyword:"type",params:{type: "integer"},parentSchema:schema25.properties.max_parallel,data:data7});
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 1 || isNaN(data7)){
vErrors = put(vErrors, {instancePath:instancePath+"/max_parallel",schemaPath:"#/properties/max_parallel/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema25.properties.max_parallel,data:data7});
errors++;
}
}
}
if(data.defaults !== undefined){
if(!(validate82(data.defaults, {instancePath:instancePath+"/defaults"}))){
vErrors = join(vErrors, validate82.errors);
errors = vErrors.length;
}
}
if(data.failures !== undefined){
if(!(validate94(data.failures, {instancePath:instancePath+"/failures"}))){
vErrors = join(vErrors, validate94.errors);
errors = vErrors.length;
}
}
if(data.tasks !== undefined){
let data10 = data.tasks;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key1 in data10){
const _errs19 = errors;
if(!(validate111(key1, {instancePath:instancePath+"/tasks"}))){
vErrors = join(vErrors, validate111.errors);
errors = vErrors.length;
}
var valid3 = _errs19 === errors;
if(!valid3){
vErrors = put(vErrors, {instancePath:instancePath+"/tasks",schemaPath:"#/properties/tasks/propertyNames",keyword:"propertyNames",params:{propertyName: key1},parentSchema:schema25.properties.tasks,data:data10});
errors++;
}
}
for(const key2 in data10){
if(!(validate151(data10[key2], {instancePath:instancePath+"/tasks/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate151.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tasks",schemaPath:"#/properties/tasks/type",keyword:"type",params:{type: "object"},parentSchema:schema25.properties.tasks,data:data10});
errors++;
}
}
if(data.checks !== undefined){
if(!(validate178(data.checks, {instancePath:instancePath+"/checks"}))){
vErrors = join(vErrors, validate178.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema25,data});
errors++;
}
validate65.errors = vErrors;
return errors === 0;
}


function validate63(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate53(key0, {instancePath}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema24,data});
errors++;
}
}
for(const key1 in data){
if(!(validate65(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate65.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema24,data});
errors++;
}
validate63.errors = vErrors;
return errors === 0;
}

const schema72 = {"type":"object","additionalProperties":false,"required":["value"],"properties":{"value":{"$ref":"json"},"description":{"type":"string"},"deliverable":{"type":"string","minLength":1}}};

function validate220(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.value === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "value"},parentSchema:schema72,data});
errors++;
}
for(const key0 in data){
if(!(((key0 === "value") || (key0 === "description")) || (key0 === "deliverable"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema72,data});
errors++;
}
}
if(data.value !== undefined){
if(!(validate104(data.value, {instancePath:instancePath+"/value"}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
if(data.description !== undefined){
let data1 = data.description;
if(typeof data1 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema72.properties.description,data:data1});
errors++;
}
}
if(data.deliverable !== undefined){
let data2 = data.deliverable;
if(typeof data2 === "string"){
if(func3(data2) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/deliverable",schemaPath:"#/properties/deliverable/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema72.properties.deliverable,data:data2});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/deliverable",schemaPath:"#/properties/deliverable/type",keyword:"type",params:{type: "string"},parentSchema:schema72.properties.deliverable,data:data2});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema72,data});
errors++;
}
validate220.errors = vErrors;
return errors === 0;
}

const schema73 = {"x-expects":"a name, or a map with `name` and `optional`","anyOf":[{"$ref":"variableName"},{"$ref":"declaredSecret"}]};
const schema74 = {"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"$ref":"variableName"},"optional":{"type":"boolean"}}};

function validate228(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},parentSchema:schema74,data});
errors++;
}
for(const key0 in data){
if(!((key0 === "name") || (key0 === "optional"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema74,data});
errors++;
}
}
if(data.name !== undefined){
if(!(validate118(data.name, {instancePath:instancePath+"/name"}))){
vErrors = join(vErrors, validate118.errors);
errors = vErrors.length;
}
}
if(data.optional !== undefined){
let data1 = data.optional;
if(typeof data1 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/optional",schemaPath:"#/properties/optional/type",keyword:"type",params:{type: "boolean"},parentSchema:schema74.properties.optional,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema74,data});
errors++;
}
validate228.errors = vErrors;
return errors === 0;
}


function validate226(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate118(data, {instancePath}))){
vErrors = join(vErrors, validate118.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate228(data, {instancePath}))){
vErrors = join(vErrors, validate228.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema73,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate226.errors = vErrors;
return errors === 0;
}

const schema75 = {"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"step"}};
const schema76 = {"type":"object","additionalProperties":false,"properties":{"description":{"type":"string"},"run":{"$ref":"runText"},"agent":{"$ref":"agentChoice"},"task":{"$ref":"taskName"},"uses":{"$ref":"usesName"},"http":{"$ref":"http"},"pipeline":{"$ref":"dashedName"},"signal":{"$ref":"signalName"},"approval":{"$ref":"approval"},"ask":{"$ref":"ask"},"wait":{"$ref":"wait"},"with":{"$ref":"values"},"needs":{"$ref":"needs"},"quorum":{"x-expects":"a share such as `80%`, or a whole number","anyOf":[{"$ref":"percent"},{"type":"integer","minimum":1}]},"when":{"$ref":"condition"},"timeout":{"$ref":"limitOrTemplate"},"grace":{"$ref":"duration"},"due":{"$ref":"limitOrTemplate"},"on_timeout":{"$ref":"onTimeout"},"stall":{"$ref":"stall"},"failures":{"$ref":"failures"},"retry":{"$ref":"retry"},"allow_failure":{"type":"boolean"},"effects":{"$ref":"effects"},"interrupted":{"$ref":"interrupted"},"env":{"$ref":"environment"},"cwd":{"type":"string","minLength":1},"shell":{"$ref":"shell"},"outputs":{"$ref":"valueSchemas"},"checks":{"$ref":"checks"},"foreach":{"$ref":"foreach"},"repeat":{"$ref":"repeat"},"mutex":{"type":"string","minLength":1},"isolation":{"$ref":"isolation"},"sandbox":{"$ref":"sandbox"},"owns":{"$ref":"owns"},"permissions":{"$ref":"permissions"},"project":{"type":"string","minLength":1},"environment":{"type":"string","minLength":1},"phase":{"type":"string","minLength":1},"budget":{"$ref":"budget"},"cache":{"$ref":"cache"}},"oneOf":[{"required":["run"]},{"required":["agent"]},{"required":["uses"]},{"required":["http"]},{"required":["pipeline"]},{"required":["signal"]},{"required":["approval"]},{"required":["ask"]},{"required":["wait"]}],"x-one-of":["run","agent","uses","http","pipeline","signal","approval","ask","wait"],"x-what":"step","dependentRequired":{"task":["agent"],"agent":["task"],"shell":["run"],"quorum":["needs"],"on_timeout":["timeout"]},"dependentSchemas":{"with":{"x-key":"with","x-belongs":["agent","uses","pipeline","signal"],"anyOf":[{"required":["agent"]},{"required":["uses"]},{"required":["pipeline"]},{"required":["signal"]}]}}};
const schema77 = {"x-expects":"the name of an agent, or a map with `by` and `to`","anyOf":[{"$ref":"dashedName"},{"$ref":"agentRoute"}]};
const schema78 = {"type":"object","additionalProperties":false,"required":["by","to"],"properties":{"by":{"$ref":"template"},"to":{"type":"object","additionalProperties":{"$ref":"dashedName"}},"default":{"$ref":"dashedName"}}};

function validate241(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.by === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "by"},parentSchema:schema78,data});
errors++;
}
if(data.to === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "to"},parentSchema:schema78,data});
errors++;
}
for(const key0 in data){
if(!(((key0 === "by") || (key0 === "to")) || (key0 === "default"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema78,data});
errors++;
}
}
if(data.by !== undefined){
if(!(validate129(data.by, {instancePath:instancePath+"/by"}))){
vErrors = join(vErrors, validate129.errors);
errors = vErrors.length;
}
}
if(data.to !== undefined){
let data1 = data.to;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!(validate53(data1[key1], {instancePath:instancePath+"/to/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/to",schemaPath:"#/properties/to/type",keyword:"type",params:{type: "object"},parentSchema:schema78.properties.to,data:data1});
errors++;
}
}
if(data.default !== undefined){
if(!(validate53(data.default, {instancePath:instancePath+"/default"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema78,data});
errors++;
}
validate241.errors = vErrors;
return errors === 0;
}


function validate239(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate53(data, {instancePath}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate241(data, {instancePath}))){
vErrors = join(vErrors, validate241.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema77,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate239.errors = vErrors;
return errors === 0;
}

const schema79 = {"type":"object","additionalProperties":false,"required":["prompt"],"properties":{"prompt":{"type":"string","minLength":1},"show":{"type":"string"},"from":{"$ref":"roles"},"self":{"type":"boolean"}}};

function validate252(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.prompt === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "prompt"},parentSchema:schema79,data});
errors++;
}
for(const key0 in data){
if(!((((key0 === "prompt") || (key0 === "show")) || (key0 === "from")) || (key0 === "self"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema79,data});
errors++;
}
}
if(data.prompt !== undefined){
let data0 = data.prompt;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema79.properties.prompt,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/type",keyword:"type",params:{type: "string"},parentSchema:schema79.properties.prompt,data:data0});
errors++;
}
}
if(data.show !== undefined){
let data1 = data.show;
if(typeof data1 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/show",schemaPath:"#/properties/show/type",keyword:"type",params:{type: "string"},parentSchema:schema79.properties.show,data:data1});
errors++;
}
}
if(data.from !== undefined){
if(!(validate196(data.from, {instancePath:instancePath+"/from"}))){
vErrors = join(vErrors, validate196.errors);
errors = vErrors.length;
}
}
if(data.self !== undefined){
let data3 = data.self;
if(typeof data3 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/self",schemaPath:"#/properties/self/type",keyword:"type",params:{type: "boolean"},parentSchema:schema79.properties.self,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema79,data});
errors++;
}
validate252.errors = vErrors;
return errors === 0;
}

const schema80 = {"type":"object","additionalProperties":false,"required":["prompt","answer"],"properties":{"prompt":{"type":"string","minLength":1},"from":{"$ref":"roles"},"answer":{"$ref":"valueSchemas"}}};

function validate255(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.prompt === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "prompt"},parentSchema:schema80,data});
errors++;
}
if(data.answer === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "answer"},parentSchema:schema80,data});
errors++;
}
for(const key0 in data){
if(!(((key0 === "prompt") || (key0 === "from")) || (key0 === "answer"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema80,data});
errors++;
}
}
if(data.prompt !== undefined){
let data0 = data.prompt;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema80.properties.prompt,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/type",keyword:"type",params:{type: "string"},parentSchema:schema80.properties.prompt,data:data0});
errors++;
}
}
if(data.from !== undefined){
if(!(validate196(data.from, {instancePath:instancePath+"/from"}))){
vErrors = join(vErrors, validate196.errors);
errors = vErrors.length;
}
}
if(data.answer !== undefined){
if(!(validate156(data.answer, {instancePath:instancePath+"/answer"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema80,data});
errors++;
}
validate255.errors = vErrors;
return errors === 0;
}

const schema81 = {"x-expects":"a duration such as `5m`, or a map with `signal`","anyOf":[{"$ref":"durationOrTemplate"},{"$ref":"signalWait"}]};
const schema82 = {"type":"string","pattern":"^(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?|\\$\\{\\{[\\s\\S]*\\}\\})$","x-is":"duration"};
const pattern14 = new RegExp("^(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?|\\$\\{\\{[\\s\\S]*\\}\\})$", "u");

function validate260(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern14.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?:(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?|P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?|\\$\\{\\{[\\s\\S]*\\}\\})$"},parentSchema:schema82,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema82,data});
errors++;
}
validate260.errors = vErrors;
return errors === 0;
}

const schema83 = {"type":"object","additionalProperties":false,"required":["signal"],"properties":{"signal":{"$ref":"signalName"},"when":{"$ref":"condition"}}};

function validate262(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.signal === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "signal"},parentSchema:schema83,data});
errors++;
}
for(const key0 in data){
if(!((key0 === "signal") || (key0 === "when"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema83,data});
errors++;
}
}
if(data.signal !== undefined){
if(!(validate58(data.signal, {instancePath:instancePath+"/signal"}))){
vErrors = join(vErrors, validate58.errors);
errors = vErrors.length;
}
}
if(data.when !== undefined){
if(!(validate185(data.when, {instancePath:instancePath+"/when"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema83,data});
errors++;
}
validate262.errors = vErrors;
return errors === 0;
}


function validate259(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate260(data, {instancePath}))){
vErrors = join(vErrors, validate260.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate262(data, {instancePath}))){
vErrors = join(vErrors, validate262.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema81,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate259.errors = vErrors;
return errors === 0;
}

const schema84 = {"x-expects":"a list of steps, or a map of step to `succeeded`, `completed` or `failed`","anyOf":[{"type":"array","items":{"$ref":"name"}},{"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"needEnd"}}]};
const schema85 = {"enum":["succeeded","completed","failed"]};

function validate271(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "succeeded") || (data === "completed")) || (data === "failed"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema85.enum},parentSchema:schema85,data});
errors++;
}
validate271.errors = vErrors;
return errors === 0;
}


function validate268(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(Array.isArray(data)){
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
if(!(validate95(data[i0], {instancePath:instancePath+"/" + i0}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "array"},parentSchema:schema84.anyOf[0],data});
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs6 = errors;
if(!(validate95(key0, {instancePath}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid3 = _errs6 === errors;
if(!valid3){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/1/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema84.anyOf[1],data});
errors++;
}
}
for(const key1 in data){
if(!(validate271(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate271.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/1/type",keyword:"type",params:{type: "object"},parentSchema:schema84.anyOf[1],data});
errors++;
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema84,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate268.errors = vErrors;
return errors === 0;
}

const schema86 = {"type":"object","additionalProperties":false,"required":["items"],"properties":{"items":{"x-expects":"a list, or one `${{ }}` that gives it","anyOf":[{"type":"array","items":{"$ref":"json"}},{"$ref":"template"}]},"key":{"type":"string","minLength":1},"needs":{"$ref":"template"},"max_parallel":{"$ref":"countOrTemplate"}}};

function validate289(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.items === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "items"},parentSchema:schema86,data});
errors++;
}
for(const key0 in data){
if(!((((key0 === "items") || (key0 === "key")) || (key0 === "needs")) || (key0 === "max_parallel"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema86,data});
errors++;
}
}
if(data.items !== undefined){
let data0 = data.items;
const _errs3 = errors;
let valid1 = false;
const _errs4 = errors;
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(validate104(data0[i0], {instancePath:instancePath+"/items/" + i0}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/items",schemaPath:"#/properties/items/anyOf/0/type",keyword:"type",params:{type: "array"},parentSchema:schema86.properties.items.anyOf[0],data:data0});
errors++;
}
var _valid0 = _errs4 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs7 = errors;
if(!(validate129(data0, {instancePath:instancePath+"/items"}))){
vErrors = join(vErrors, validate129.errors);
errors = vErrors.length;
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
vErrors = put(vErrors, {instancePath:instancePath+"/items",schemaPath:"#/properties/items/anyOf",keyword:"anyOf",params:{},parentSchema:schema86.properties.items,data:data0});
errors++;
}
else {
errors = _errs3;
if(vErrors !== null){
if(_errs3){
vErrors.length = _errs3;
}
else {
vErrors = null;
}
}
}
}
if(data.key !== undefined){
let data2 = data.key;
if(typeof data2 === "string"){
if(func3(data2) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/key",schemaPath:"#/properties/key/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema86.properties.key,data:data2});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "string"},parentSchema:schema86.properties.key,data:data2});
errors++;
}
}
if(data.needs !== undefined){
if(!(validate129(data.needs, {instancePath:instancePath+"/needs"}))){
vErrors = join(vErrors, validate129.errors);
errors = vErrors.length;
}
}
if(data.max_parallel !== undefined){
if(!(validate128(data.max_parallel, {instancePath:instancePath+"/max_parallel"}))){
vErrors = join(vErrors, validate128.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema86,data});
errors++;
}
validate289.errors = vErrors;
return errors === 0;
}

const schema87 = {"type":"object","additionalProperties":false,"required":["until","max"],"properties":{"until":{"$ref":"condition"},"max":{"$ref":"countOrTemplate"},"delay":{"$ref":"duration"},"on_max":{"enum":["fail","stop"]}}};

function validate295(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.until === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "until"},parentSchema:schema87,data});
errors++;
}
if(data.max === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "max"},parentSchema:schema87,data});
errors++;
}
for(const key0 in data){
if(!((((key0 === "until") || (key0 === "max")) || (key0 === "delay")) || (key0 === "on_max"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema87,data});
errors++;
}
}
if(data.until !== undefined){
if(!(validate185(data.until, {instancePath:instancePath+"/until"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.max !== undefined){
if(!(validate128(data.max, {instancePath:instancePath+"/max"}))){
vErrors = join(vErrors, validate128.errors);
errors = vErrors.length;
}
}
if(data.delay !== undefined){
if(!(validate85(data.delay, {instancePath:instancePath+"/delay"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.on_max !== undefined){
let data3 = data.on_max;
if(!((data3 === "fail") || (data3 === "stop"))){
vErrors = put(vErrors, {instancePath:instancePath+"/on_max",schemaPath:"#/properties/on_max/enum",keyword:"enum",params:{allowedValues: schema87.properties.on_max.enum},parentSchema:schema87.properties.on_max,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema87,data});
errors++;
}
validate295.errors = vErrors;
return errors === 0;
}

const schema88 = {"type":"object","additionalProperties":false,"properties":{"key":{"type":"string"},"files":{"$ref":"globs"}}};

function validate305(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "key") || (key0 === "files"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema88,data});
errors++;
}
}
if(data.key !== undefined){
let data0 = data.key;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "string"},parentSchema:schema88.properties.key,data:data0});
errors++;
}
}
if(data.files !== undefined){
if(!(validate73(data.files, {instancePath:instancePath+"/files"}))){
vErrors = join(vErrors, validate73.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema88,data});
errors++;
}
validate305.errors = vErrors;
return errors === 0;
}


function validate237(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.run === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "run"},parentSchema:schema76.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.agent === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "agent"},parentSchema:schema76.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema76.oneOf[2],data});
errors++;
}
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
}
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.http === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/3/required",keyword:"required",params:{missingProperty: "http"},parentSchema:schema76.oneOf[3],data});
errors++;
}
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid0 = true;
passing0 = 3;
}
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pipeline === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/4/required",keyword:"required",params:{missingProperty: "pipeline"},parentSchema:schema76.oneOf[4],data});
errors++;
}
}
var _valid0 = _errs6 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 4];
}
else {
if(_valid0){
valid0 = true;
passing0 = 4;
}
const _errs7 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.signal === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/5/required",keyword:"required",params:{missingProperty: "signal"},parentSchema:schema76.oneOf[5],data});
errors++;
}
}
var _valid0 = _errs7 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 5];
}
else {
if(_valid0){
valid0 = true;
passing0 = 5;
}
const _errs8 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.approval === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/6/required",keyword:"required",params:{missingProperty: "approval"},parentSchema:schema76.oneOf[6],data});
errors++;
}
}
var _valid0 = _errs8 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 6];
}
else {
if(_valid0){
valid0 = true;
passing0 = 6;
}
const _errs9 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ask === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/7/required",keyword:"required",params:{missingProperty: "ask"},parentSchema:schema76.oneOf[7],data});
errors++;
}
}
var _valid0 = _errs9 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 7];
}
else {
if(_valid0){
valid0 = true;
passing0 = 7;
}
const _errs10 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.wait === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/8/required",keyword:"required",params:{missingProperty: "wait"},parentSchema:schema76.oneOf[8],data});
errors++;
}
}
var _valid0 = _errs10 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 8];
}
else {
if(_valid0){
valid0 = true;
passing0 = 8;
}
}
}
}
}
}
}
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema76,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema76.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema76,data});
errors++;
}
}
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema76.properties.description,data:data0});
errors++;
}
}
if(data.run !== undefined){
if(!(validate99(data.run, {instancePath:instancePath+"/run"}))){
vErrors = join(vErrors, validate99.errors);
errors = vErrors.length;
}
}
if(data.agent !== undefined){
if(!(validate239(data.agent, {instancePath:instancePath+"/agent"}))){
vErrors = join(vErrors, validate239.errors);
errors = vErrors.length;
}
}
if(data.task !== undefined){
if(!(validate111(data.task, {instancePath:instancePath+"/task"}))){
vErrors = join(vErrors, validate111.errors);
errors = vErrors.length;
}
}
if(data.uses !== undefined){
if(!(validate101(data.uses, {instancePath:instancePath+"/uses"}))){
vErrors = join(vErrors, validate101.errors);
errors = vErrors.length;
}
}
if(data.http !== undefined){
if(!(validate103(data.http, {instancePath:instancePath+"/http"}))){
vErrors = join(vErrors, validate103.errors);
errors = vErrors.length;
}
}
if(data.pipeline !== undefined){
if(!(validate53(data.pipeline, {instancePath:instancePath+"/pipeline"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
if(data.signal !== undefined){
if(!(validate58(data.signal, {instancePath:instancePath+"/signal"}))){
vErrors = join(vErrors, validate58.errors);
errors = vErrors.length;
}
}
if(data.approval !== undefined){
if(!(validate252(data.approval, {instancePath:instancePath+"/approval"}))){
vErrors = join(vErrors, validate252.errors);
errors = vErrors.length;
}
}
if(data.ask !== undefined){
if(!(validate255(data.ask, {instancePath:instancePath+"/ask"}))){
vErrors = join(vErrors, validate255.errors);
errors = vErrors.length;
}
}
if(data.wait !== undefined){
if(!(validate259(data.wait, {instancePath:instancePath+"/wait"}))){
vErrors = join(vErrors, validate259.errors);
errors = vErrors.length;
}
}
if(data.with !== undefined){
if(!(validate113(data.with, {instancePath:instancePath+"/with"}))){
vErrors = join(vErrors, validate113.errors);
errors = vErrors.length;
}
}
if(data.needs !== undefined){
if(!(validate268(data.needs, {instancePath:instancePath+"/needs"}))){
vErrors = join(vErrors, validate268.errors);
errors = vErrors.length;
}
}
if(data.quorum !== undefined){
let data13 = data.quorum;
const _errs29 = errors;
let valid2 = false;
const _errs30 = errors;
if(!(validate135(data13, {instancePath:instancePath+"/quorum"}))){
vErrors = join(vErrors, validate135.errors);
errors = vErrors.length;
}
var _valid1 = _errs30 === errors;
valid2 = valid2 || _valid1;
if(!valid2){
const _errs31 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
vErrors = put(vErrors, {instancePath:instancePath+"/quorum",schemaPath:"#/properties/quorum/anyOf/1/type",keyword:"type",params:{type: "integer"},parentSchema:schema76.properties.quorum.anyOf[1],data:data13});
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 1 || isNaN(data13)){
vErrors = put(vErrors, {instancePath:instancePath+"/quorum",schemaPath:"#/properties/quorum/anyOf/1/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema76.properties.quorum.anyOf[1],data:data13});
errors++;
}
}
var _valid1 = _errs31 === errors;
valid2 = valid2 || _valid1;
}
if(!valid2){
vErrors = put(vErrors, {instancePath:instancePath+"/quorum",schemaPath:"#/properties/quorum/anyOf",keyword:"anyOf",params:{},parentSchema:schema76.properties.quorum,data:data13});
errors++;
}
else {
errors = _errs29;
if(vErrors !== null){
if(_errs29){
vErrors.length = _errs29;
}
else {
vErrors = null;
}
}
}
}
if(data.when !== undefined){
if(!(validate185(data.when, {instancePath:instancePath+"/when"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.timeout !== undefined){
if(!(validate83(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.grace !== undefined){
if(!(validate85(data.grace, {instancePath:instancePath+"/grace"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.due !== undefined){
if(!(validate83(data.due, {instancePath:instancePath+"/due"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.on_timeout !== undefined){
if(!(validate88(data.on_timeout, {instancePath:instancePath+"/on_timeout"}))){
vErrors = join(vErrors, validate88.errors);
errors = vErrors.length;
}
}
if(data.stall !== undefined){
if(!(validate90(data.stall, {instancePath:instancePath+"/stall"}))){
vErrors = join(vErrors, validate90.errors);
errors = vErrors.length;
}
}
if(data.failures !== undefined){
if(!(validate94(data.failures, {instancePath:instancePath+"/failures"}))){
vErrors = join(vErrors, validate94.errors);
errors = vErrors.length;
}
}
if(data.retry !== undefined){
if(!(validate127(data.retry, {instancePath:instancePath+"/retry"}))){
vErrors = join(vErrors, validate127.errors);
errors = vErrors.length;
}
}
if(data.allow_failure !== undefined){
let data22 = data.allow_failure;
if(typeof data22 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/allow_failure",schemaPath:"#/properties/allow_failure/type",keyword:"type",params:{type: "boolean"},parentSchema:schema76.properties.allow_failure,data:data22});
errors++;
}
}
if(data.effects !== undefined){
if(!(validate173(data.effects, {instancePath:instancePath+"/effects"}))){
vErrors = join(vErrors, validate173.errors);
errors = vErrors.length;
}
}
if(data.interrupted !== undefined){
if(!(validate138(data.interrupted, {instancePath:instancePath+"/interrupted"}))){
vErrors = join(vErrors, validate138.errors);
errors = vErrors.length;
}
}
if(data.env !== undefined){
if(!(validate117(data.env, {instancePath:instancePath+"/env"}))){
vErrors = join(vErrors, validate117.errors);
errors = vErrors.length;
}
}
if(data.cwd !== undefined){
let data26 = data.cwd;
if(typeof data26 === "string"){
if(func3(data26) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema76.properties.cwd,data:data26});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/type",keyword:"type",params:{type: "string"},parentSchema:schema76.properties.cwd,data:data26});
errors++;
}
}
if(data.shell !== undefined){
if(!(validate121(data.shell, {instancePath:instancePath+"/shell"}))){
vErrors = join(vErrors, validate121.errors);
errors = vErrors.length;
}
}
if(data.outputs !== undefined){
if(!(validate156(data.outputs, {instancePath:instancePath+"/outputs"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
if(data.checks !== undefined){
if(!(validate178(data.checks, {instancePath:instancePath+"/checks"}))){
vErrors = join(vErrors, validate178.errors);
errors = vErrors.length;
}
}
if(data.foreach !== undefined){
if(!(validate289(data.foreach, {instancePath:instancePath+"/foreach"}))){
vErrors = join(vErrors, validate289.errors);
errors = vErrors.length;
}
}
if(data.repeat !== undefined){
if(!(validate295(data.repeat, {instancePath:instancePath+"/repeat"}))){
vErrors = join(vErrors, validate295.errors);
errors = vErrors.length;
}
}
if(data.mutex !== undefined){
let data32 = data.mutex;
if(typeof data32 === "string"){
if(func3(data32) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/mutex",schemaPath:"#/properties/mutex/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema76.properties.mutex,data:data32});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/mutex",schemaPath:"#/properties/mutex/type",keyword:"type",params:{type: "string"},parentSchema:schema76.properties.mutex,data:data32});
errors++;
}
}
if(data.isolation !== undefined){
if(!(validate142(data.isolation, {instancePath:instancePath+"/isolation"}))){
vErrors = join(vErrors, validate142.errors);
errors = vErrors.length;
}
}
if(data.sandbox !== undefined){
if(!(validate144(data.sandbox, {instancePath:instancePath+"/sandbox"}))){
vErrors = join(vErrors, validate144.errors);
errors = vErrors.length;
}
}
if(data.owns !== undefined){
if(!(validate70(data.owns, {instancePath:instancePath+"/owns"}))){
vErrors = join(vErrors, validate70.errors);
errors = vErrors.length;
}
}
if(data.permissions !== undefined){
if(!(validate80(data.permissions, {instancePath:instancePath+"/permissions"}))){
vErrors = join(vErrors, validate80.errors);
errors = vErrors.length;
}
}
if(data.project !== undefined){
let data37 = data.project;
if(typeof data37 === "string"){
if(func3(data37) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/project",schemaPath:"#/properties/project/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema76.properties.project,data:data37});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"},parentSchema:schema76.properties.project,data:data37});
errors++;
}
}
if(data.environment !== undefined){
let data38 = data.environment;
if(typeof data38 === "string"){
if(func3(data38) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/environment",schemaPath:"#/properties/environment/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema76.properties.environment,data:data38});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/environment",schemaPath:"#/properties/environment/type",keyword:"type",params:{type: "string"},parentSchema:schema76.properties.environment,data:data38});
errors++;
}
}
if(data.phase !== undefined){
let data39 = data.phase;
if(typeof data39 === "string"){
if(func3(data39) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/phase",schemaPath:"#/properties/phase/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema76.properties.phase,data:data39});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/phase",schemaPath:"#/properties/phase/type",keyword:"type",params:{type: "string"},parentSchema:schema76.properties.phase,data:data39});
errors++;
}
}
if(data.budget !== undefined){
if(!(validate146(data.budget, {instancePath:instancePath+"/budget"}))){
vErrors = join(vErrors, validate146.errors);
errors = vErrors.length;
}
}
if(data.cache !== undefined){
if(!(validate305(data.cache, {instancePath:instancePath+"/cache"}))){
vErrors = join(vErrors, validate305.errors);
errors = vErrors.length;
}
}
if(data.task !== undefined){
if(data.agent === undefined){
const err26 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "task",
    missingProperty: "agent",
    depsCount: 1,
    deps: "agent"},schema:schema76.dependentRequired,parentSchema:schema76,data};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.agent !== undefined){
if(data.task === undefined){
const err27 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "agent",
    missingProperty: "task",
    depsCount: 1,
    deps: "task"},schema:schema76.dependentRequired,parentSchema:schema76,data};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.shell !== undefined){
if(data.run === undefined){
const err28 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "shell",
    missingProperty: "run",
    depsCount: 1,
    deps: "run"},schema:schema76.dependentRequired,parentSchema:schema76,data};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.quorum !== undefined){
if(data.needs === undefined){
const err29 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "quorum",
    missingProperty: "needs",
    depsCount: 1,
    deps: "needs"},schema:schema76.dependentRequired,parentSchema:schema76,data};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.on_timeout !== undefined){
if(data.timeout === undefined){
const err30 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "on_timeout",
    missingProperty: "timeout",
    depsCount: 1,
    deps: "timeout"},schema:schema76.dependentRequired,parentSchema:schema76,data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.with !== undefined){
const _errs69 = errors;
let valid4 = false;
const _errs70 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.agent === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/0/required",keyword:"required",params:{missingProperty: "agent"},parentSchema:schema76.dependentSchemas.with.anyOf[0],data});
errors++;
}
}
var _valid2 = _errs70 === errors;
valid4 = valid4 || _valid2;
if(!valid4){
const _errs71 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.uses === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/1/required",keyword:"required",params:{missingProperty: "uses"},parentSchema:schema76.dependentSchemas.with.anyOf[1],data});
errors++;
}
}
var _valid2 = _errs71 === errors;
valid4 = valid4 || _valid2;
if(!valid4){
const _errs72 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pipeline === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/2/required",keyword:"required",params:{missingProperty: "pipeline"},parentSchema:schema76.dependentSchemas.with.anyOf[2],data});
errors++;
}
}
var _valid2 = _errs72 === errors;
valid4 = valid4 || _valid2;
if(!valid4){
const _errs73 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.signal === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf/3/required",keyword:"required",params:{missingProperty: "signal"},parentSchema:schema76.dependentSchemas.with.anyOf[3],data});
errors++;
}
}
var _valid2 = _errs73 === errors;
valid4 = valid4 || _valid2;
}
}
}
if(!valid4){
vErrors = put(vErrors, {instancePath,schemaPath:"#/dependentSchemas/with/anyOf",keyword:"anyOf",params:{},parentSchema:schema76.dependentSchemas.with,data});
errors++;
}
else {
errors = _errs69;
if(vErrors !== null){
if(_errs69){
vErrors.length = _errs69;
}
else {
vErrors = null;
}
}
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema76,data});
errors++;
}
validate237.errors = vErrors;
return errors === 0;
}


function validate235(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate95(key0, {instancePath}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema75,data});
errors++;
}
}
for(const key1 in data){
if(!(validate237(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate237.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema75,data});
errors++;
}
validate235.errors = vErrors;
return errors === 0;
}

const schema89 = {"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"$ref":"gate"}};
const schema90 = {"type":"object","additionalProperties":false,"properties":{"description":{"type":"string"},"level":{"$ref":"level"},"when":{"$ref":"condition"},"paths":{"$ref":"globs"},"of":{"type":"array","items":{"$ref":"name"}},"success":{"$ref":"percent"},"must_pass":{"type":"array","items":{"$ref":"name"}},"before":{"type":"array","items":{"$ref":"name"}},"bypass":{"$ref":"bypass"},"checks":{"$ref":"checks"}},"not":{"required":["when","paths"]},"x-not":["when","paths"]};
const schema91 = {"x-expects":"`never`, or a map with `by`","anyOf":[{"const":"never"},{"$ref":"bypassBy"}]};
const schema92 = {"type":"object","additionalProperties":false,"required":["by"],"properties":{"by":{"$ref":"roles"}}};

function validate321(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.by === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "by"},parentSchema:schema92,data});
errors++;
}
for(const key0 in data){
if(!(key0 === "by")){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema92,data});
errors++;
}
}
if(data.by !== undefined){
if(!(validate196(data.by, {instancePath:instancePath+"/by"}))){
vErrors = join(vErrors, validate196.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema92,data});
errors++;
}
validate321.errors = vErrors;
return errors === 0;
}


function validate320(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if("never" !== data){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/const",keyword:"const",params:{allowedValue: "never"},parentSchema:schema91.anyOf[0],data});
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate321(data, {instancePath}))){
vErrors = join(vErrors, validate321.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema91,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate320.errors = vErrors;
return errors === 0;
}


function validate312(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.when === undefined) && (missing0 = "when")) || ((data.paths === undefined) && (missing0 = "paths"))){
vErrors = put(vErrors, {});
errors++;
}
}
var valid0 = _errs2 === errors;
if(valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/not",keyword:"not",params:{},parentSchema:schema90,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema90.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema90,data});
errors++;
}
}
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema90.properties.description,data:data0});
errors++;
}
}
if(data.level !== undefined){
if(!(validate181(data.level, {instancePath:instancePath+"/level"}))){
vErrors = join(vErrors, validate181.errors);
errors = vErrors.length;
}
}
if(data.when !== undefined){
if(!(validate185(data.when, {instancePath:instancePath+"/when"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.paths !== undefined){
if(!(validate73(data.paths, {instancePath:instancePath+"/paths"}))){
vErrors = join(vErrors, validate73.errors);
errors = vErrors.length;
}
}
if(data.of !== undefined){
let data4 = data.of;
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!(validate95(data4[i0], {instancePath:instancePath+"/of/" + i0}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/of",schemaPath:"#/properties/of/type",keyword:"type",params:{type: "array"},parentSchema:schema90.properties.of,data:data4});
errors++;
}
}
if(data.success !== undefined){
if(!(validate135(data.success, {instancePath:instancePath+"/success"}))){
vErrors = join(vErrors, validate135.errors);
errors = vErrors.length;
}
}
if(data.must_pass !== undefined){
let data7 = data.must_pass;
if(Array.isArray(data7)){
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
if(!(validate95(data7[i1], {instancePath:instancePath+"/must_pass/" + i1}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/must_pass",schemaPath:"#/properties/must_pass/type",keyword:"type",params:{type: "array"},parentSchema:schema90.properties.must_pass,data:data7});
errors++;
}
}
if(data.before !== undefined){
let data9 = data.before;
if(Array.isArray(data9)){
const len2 = data9.length;
for(let i2=0; i2<len2; i2++){
if(!(validate95(data9[i2], {instancePath:instancePath+"/before/" + i2}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/before",schemaPath:"#/properties/before/type",keyword:"type",params:{type: "array"},parentSchema:schema90.properties.before,data:data9});
errors++;
}
}
if(data.bypass !== undefined){
if(!(validate320(data.bypass, {instancePath:instancePath+"/bypass"}))){
vErrors = join(vErrors, validate320.errors);
errors = vErrors.length;
}
}
if(data.checks !== undefined){
if(!(validate178(data.checks, {instancePath:instancePath+"/checks"}))){
vErrors = join(vErrors, validate178.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema90,data});
errors++;
}
validate312.errors = vErrors;
return errors === 0;
}


function validate310(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate95(key0, {instancePath}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema89,data});
errors++;
}
}
for(const key1 in data){
if(!(validate312(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate312.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema89,data});
errors++;
}
validate310.errors = vErrors;
return errors === 0;
}


function validate52(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pipeline === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "pipeline"},parentSchema:schema19,data});
errors++;
}
if(data.steps === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "steps"},parentSchema:schema19,data});
errors++;
}
for(const key0 in data){
if(!(func1.call(schema19.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema19,data});
errors++;
}
}
if(data.pipeline !== undefined){
if(!(validate53(data.pipeline, {instancePath:instancePath+"/pipeline"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
if(data.opsflow !== undefined){
if(!(validate55(data.opsflow, {instancePath:instancePath+"/opsflow"}))){
vErrors = join(vErrors, validate55.errors);
errors = vErrors.length;
}
}
if(data.description !== undefined){
let data2 = data.description;
if(typeof data2 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema19.properties.description,data:data2});
errors++;
}
}
if(data.signals !== undefined){
if(!(validate57(data.signals, {instancePath:instancePath+"/signals"}))){
vErrors = join(vErrors, validate57.errors);
errors = vErrors.length;
}
}
if(data.agents !== undefined){
let data4 = data.agents;
const _errs8 = errors;
let valid1 = false;
const _errs9 = errors;
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(!(validate53(data4[i0], {instancePath:instancePath+"/agents/" + i0}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/agents",schemaPath:"#/properties/agents/anyOf/0/type",keyword:"type",params:{type: "array"},parentSchema:schema19.properties.agents.anyOf[0],data:data4});
errors++;
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs12 = errors;
if(!(validate63(data4, {instancePath:instancePath+"/agents"}))){
vErrors = join(vErrors, validate63.errors);
errors = vErrors.length;
}
var _valid0 = _errs12 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
vErrors = put(vErrors, {instancePath:instancePath+"/agents",schemaPath:"#/properties/agents/anyOf",keyword:"anyOf",params:{},parentSchema:schema19.properties.agents,data:data4});
errors++;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
}
if(data.timeout !== undefined){
if(!(validate83(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.grace !== undefined){
if(!(validate85(data.grace, {instancePath:instancePath+"/grace"}))){
vErrors = join(vErrors, validate85.errors);
errors = vErrors.length;
}
}
if(data.due !== undefined){
if(!(validate83(data.due, {instancePath:instancePath+"/due"}))){
vErrors = join(vErrors, validate83.errors);
errors = vErrors.length;
}
}
if(data.fail_fast !== undefined){
let data9 = data.fail_fast;
if(typeof data9 !== "boolean"){
vErrors = put(vErrors, {instancePath:instancePath+"/fail_fast",schemaPath:"#/properties/fail_fast/type",keyword:"type",params:{type: "boolean"},parentSchema:schema19.properties.fail_fast,data:data9});
errors++;
}
}
if(data.max_parallel !== undefined){
if(!(validate128(data.max_parallel, {instancePath:instancePath+"/max_parallel"}))){
vErrors = join(vErrors, validate128.errors);
errors = vErrors.length;
}
}
if(data.inputs !== undefined){
if(!(validate156(data.inputs, {instancePath:instancePath+"/inputs"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
if(data.vars !== undefined){
let data12 = data.vars;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key1 in data12){
const _errs23 = errors;
if(!(validate95(key1, {instancePath:instancePath+"/vars"}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid4 = _errs23 === errors;
if(!valid4){
vErrors = put(vErrors, {instancePath:instancePath+"/vars",schemaPath:"#/properties/vars/propertyNames",keyword:"propertyNames",params:{propertyName: key1},parentSchema:schema19.properties.vars,data:data12});
errors++;
}
}
for(const key2 in data12){
if(!(validate104(data12[key2], {instancePath:instancePath+"/vars/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/vars",schemaPath:"#/properties/vars/type",keyword:"type",params:{type: "object"},parentSchema:schema19.properties.vars,data:data12});
errors++;
}
}
if(data.outputs !== undefined){
let data14 = data.outputs;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key3 in data14){
const _errs28 = errors;
if(!(validate95(key3, {instancePath:instancePath+"/outputs"}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid6 = _errs28 === errors;
if(!valid6){
vErrors = put(vErrors, {instancePath:instancePath+"/outputs",schemaPath:"#/properties/outputs/propertyNames",keyword:"propertyNames",params:{propertyName: key3},parentSchema:schema19.properties.outputs,data:data14});
errors++;
}
}
for(const key4 in data14){
if(!(validate220(data14[key4], {instancePath:instancePath+"/outputs/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate220.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/outputs",schemaPath:"#/properties/outputs/type",keyword:"type",params:{type: "object"},parentSchema:schema19.properties.outputs,data:data14});
errors++;
}
}
if(data.next_steps !== undefined){
let data16 = data.next_steps;
if(Array.isArray(data16)){
const len1 = data16.length;
for(let i1=0; i1<len1; i1++){
let data17 = data16[i1];
if(typeof data17 === "string"){
if(func3(data17) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/next_steps/" + i1,schemaPath:"#/properties/next_steps/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema19.properties.next_steps.items,data:data17});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/next_steps/" + i1,schemaPath:"#/properties/next_steps/items/type",keyword:"type",params:{type: "string"},parentSchema:schema19.properties.next_steps.items,data:data17});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/next_steps",schemaPath:"#/properties/next_steps/type",keyword:"type",params:{type: "array"},parentSchema:schema19.properties.next_steps,data:data16});
errors++;
}
}
if(data.defaults !== undefined){
if(!(validate82(data.defaults, {instancePath:instancePath+"/defaults"}))){
vErrors = join(vErrors, validate82.errors);
errors = vErrors.length;
}
}
if(data.env !== undefined){
if(!(validate117(data.env, {instancePath:instancePath+"/env"}))){
vErrors = join(vErrors, validate117.errors);
errors = vErrors.length;
}
}
if(data.cwd !== undefined){
let data20 = data.cwd;
if(typeof data20 === "string"){
if(func3(data20) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema19.properties.cwd,data:data20});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/cwd",schemaPath:"#/properties/cwd/type",keyword:"type",params:{type: "string"},parentSchema:schema19.properties.cwd,data:data20});
errors++;
}
}
if(data.mutex !== undefined){
let data21 = data.mutex;
if(typeof data21 === "string"){
if(func3(data21) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/mutex",schemaPath:"#/properties/mutex/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema19.properties.mutex,data:data21});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/mutex",schemaPath:"#/properties/mutex/type",keyword:"type",params:{type: "string"},parentSchema:schema19.properties.mutex,data:data21});
errors++;
}
}
if(data.isolation !== undefined){
if(!(validate142(data.isolation, {instancePath:instancePath+"/isolation"}))){
vErrors = join(vErrors, validate142.errors);
errors = vErrors.length;
}
}
if(data.secrets !== undefined){
let data23 = data.secrets;
if(Array.isArray(data23)){
const len2 = data23.length;
for(let i2=0; i2<len2; i2++){
if(!(validate226(data23[i2], {instancePath:instancePath+"/secrets/" + i2}))){
vErrors = join(vErrors, validate226.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "array"},parentSchema:schema19.properties.secrets,data:data23});
errors++;
}
}
if(data.permissions !== undefined){
if(!(validate80(data.permissions, {instancePath:instancePath+"/permissions"}))){
vErrors = join(vErrors, validate80.errors);
errors = vErrors.length;
}
}
if(data.project !== undefined){
let data26 = data.project;
if(typeof data26 === "string"){
if(func3(data26) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/project",schemaPath:"#/properties/project/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema19.properties.project,data:data26});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"},parentSchema:schema19.properties.project,data:data26});
errors++;
}
}
if(data.environment !== undefined){
let data27 = data.environment;
if(typeof data27 === "string"){
if(func3(data27) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/environment",schemaPath:"#/properties/environment/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema19.properties.environment,data:data27});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/environment",schemaPath:"#/properties/environment/type",keyword:"type",params:{type: "string"},parentSchema:schema19.properties.environment,data:data27});
errors++;
}
}
if(data.sandbox !== undefined){
if(!(validate144(data.sandbox, {instancePath:instancePath+"/sandbox"}))){
vErrors = join(vErrors, validate144.errors);
errors = vErrors.length;
}
}
if(data.budget !== undefined){
if(!(validate146(data.budget, {instancePath:instancePath+"/budget"}))){
vErrors = join(vErrors, validate146.errors);
errors = vErrors.length;
}
}
if(data.steps !== undefined){
let data30 = data.steps;
if(!(validate235(data30, {instancePath:instancePath+"/steps"}))){
vErrors = join(vErrors, validate235.errors);
errors = vErrors.length;
}
if(data30 && typeof data30 == "object" && !Array.isArray(data30)){
if(Object.keys(data30).length < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/steps",schemaPath:"#/properties/steps/minProperties",keyword:"minProperties",params:{limit: 1},parentSchema:schema19.properties.steps,data:data30});
errors++;
}
}
}
if(data.gates !== undefined){
if(!(validate310(data.gates, {instancePath:instancePath+"/gates"}))){
vErrors = join(vErrors, validate310.errors);
errors = vErrors.length;
}
}
if(data.finally !== undefined){
if(!(validate235(data.finally, {instancePath:instancePath+"/finally"}))){
vErrors = join(vErrors, validate235.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema19,data});
errors++;
}
validate52.errors = vErrors;
return errors === 0;
}

export const coordinator = validate329;
const schema93 = {"title":"Coordinator","type":"object","additionalProperties":false,"required":["coordinator","signals"],"properties":{"coordinator":{"$ref":"coordinatorName"},"opsflow":{"$ref":"formatVersion"},"description":{"type":"string"},"domain":{"type":"string","minLength":1},"tier":{"type":"string","minLength":1},"reports_to":{"type":"string","minLength":1},"agents":{"type":"array","items":{"$ref":"dashedName"}},"max_parallel":{"type":"integer","minimum":1},"defaults":{"$ref":"defaults"},"payload":{"$ref":"valueSchemas"},"signals":{"type":"object","propertyNames":{"$ref":"signalPattern"},"additionalProperties":{"$ref":"signalEntry"}},"permissions":{"$ref":"permissions"},"gates":{"$ref":"gates"},"escalate":{"type":"array","items":{"$ref":"escalation"}},"report":{"$ref":"coordinatorReport"}}};
const schema94 = {"type":"string","pattern":"^[A-Z][A-Z0-9_]*$","x-is":"coordinator-name"};
const pattern15 = new RegExp("^[A-Z][A-Z0-9_]*$", "u");

function validate330(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern15.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_]*$"},parentSchema:schema94,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema94,data});
errors++;
}
validate330.errors = vErrors;
return errors === 0;
}

const schema95 = {"type":"string","pattern":"^[A-Z][A-Z0-9_]*:(?:[A-Z][A-Z0-9_]*|\\*)$","x-is":"signal-pattern"};
const pattern16 = new RegExp("^[A-Z][A-Z0-9_]*:(?:[A-Z][A-Z0-9_]*|\\*)$", "u");

function validate336(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern16.test(data)){
vErrors = put(vErrors, {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[A-Z][A-Z0-9_]*:(?:[A-Z][A-Z0-9_]*|\\*)$"},parentSchema:schema95,data});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},parentSchema:schema95,data});
errors++;
}
validate336.errors = vErrors;
return errors === 0;
}

const schema96 = {"type":"object","additionalProperties":false,"properties":{"description":{"type":"string"},"pipeline":{"$ref":"dashedName"},"route":{"type":"array","minItems":1,"items":{"$ref":"signalRoute"}},"forward":{"$ref":"coordinatorName"},"from":{"type":"array","items":{"type":"string","minLength":1}},"payload":{"$ref":"valueSchemas"}},"oneOf":[{"required":["pipeline"]},{"required":["route"]},{"required":["forward"]}],"x-one-of":["pipeline","route","forward"],"x-what":"signal"};
const schema97 = {"type":"object","additionalProperties":false,"required":["pipeline"],"properties":{"when":{"$ref":"condition"},"pipeline":{"$ref":"dashedName"}}};

function validate340(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pipeline === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "pipeline"},parentSchema:schema97,data});
errors++;
}
for(const key0 in data){
if(!((key0 === "when") || (key0 === "pipeline"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema97,data});
errors++;
}
}
if(data.when !== undefined){
if(!(validate185(data.when, {instancePath:instancePath+"/when"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.pipeline !== undefined){
if(!(validate53(data.pipeline, {instancePath:instancePath+"/pipeline"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema97,data});
errors++;
}
validate340.errors = vErrors;
return errors === 0;
}


function validate338(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.pipeline === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "pipeline"},parentSchema:schema96.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.route === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "route"},parentSchema:schema96.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.forward === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/2/required",keyword:"required",params:{missingProperty: "forward"},parentSchema:schema96.oneOf[2],data});
errors++;
}
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
}
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema96,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "description") || (key0 === "pipeline")) || (key0 === "route")) || (key0 === "forward")) || (key0 === "from")) || (key0 === "payload"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema96,data});
errors++;
}
}
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema96.properties.description,data:data0});
errors++;
}
}
if(data.pipeline !== undefined){
if(!(validate53(data.pipeline, {instancePath:instancePath+"/pipeline"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
if(data.route !== undefined){
let data2 = data.route;
if(Array.isArray(data2)){
if(data2.length < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/route",schemaPath:"#/properties/route/minItems",keyword:"minItems",params:{limit: 1},parentSchema:schema96.properties.route,data:data2});
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate340(data2[i0], {instancePath:instancePath+"/route/" + i0}))){
vErrors = join(vErrors, validate340.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/route",schemaPath:"#/properties/route/type",keyword:"type",params:{type: "array"},parentSchema:schema96.properties.route,data:data2});
errors++;
}
}
if(data.forward !== undefined){
if(!(validate330(data.forward, {instancePath:instancePath+"/forward"}))){
vErrors = join(vErrors, validate330.errors);
errors = vErrors.length;
}
}
if(data.from !== undefined){
let data5 = data.from;
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
let data6 = data5[i1];
if(typeof data6 === "string"){
if(func3(data6) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/from/" + i1,schemaPath:"#/properties/from/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema96.properties.from.items,data:data6});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/from/" + i1,schemaPath:"#/properties/from/items/type",keyword:"type",params:{type: "string"},parentSchema:schema96.properties.from.items,data:data6});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/from",schemaPath:"#/properties/from/type",keyword:"type",params:{type: "array"},parentSchema:schema96.properties.from,data:data5});
errors++;
}
}
if(data.payload !== undefined){
if(!(validate156(data.payload, {instancePath:instancePath+"/payload"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema96,data});
errors++;
}
validate338.errors = vErrors;
return errors === 0;
}

const schema98 = {"type":"object","additionalProperties":false,"required":["id","when","to"],"properties":{"id":{"$ref":"name"},"when":{"$ref":"condition"},"to":{"type":"string","minLength":1},"then":{"const":"pause"},"timeout":{"$ref":"limit"}}};

function validate349(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.id === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "id"},parentSchema:schema98,data});
errors++;
}
if(data.when === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "when"},parentSchema:schema98,data});
errors++;
}
if(data.to === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "to"},parentSchema:schema98,data});
errors++;
}
for(const key0 in data){
if(!(((((key0 === "id") || (key0 === "when")) || (key0 === "to")) || (key0 === "then")) || (key0 === "timeout"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema98,data});
errors++;
}
}
if(data.id !== undefined){
if(!(validate95(data.id, {instancePath:instancePath+"/id"}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
}
if(data.when !== undefined){
if(!(validate185(data.when, {instancePath:instancePath+"/when"}))){
vErrors = join(vErrors, validate185.errors);
errors = vErrors.length;
}
}
if(data.to !== undefined){
let data2 = data.to;
if(typeof data2 === "string"){
if(func3(data2) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/to",schemaPath:"#/properties/to/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema98.properties.to,data:data2});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/to",schemaPath:"#/properties/to/type",keyword:"type",params:{type: "string"},parentSchema:schema98.properties.to,data:data2});
errors++;
}
}
if(data.then !== undefined){
let data3 = data.then;
if("pause" !== data3){
vErrors = put(vErrors, {instancePath:instancePath+"/then",schemaPath:"#/properties/then/const",keyword:"const",params:{allowedValue: "pause"},parentSchema:schema98.properties.then,data:data3});
errors++;
}
}
if(data.timeout !== undefined){
if(!(validate91(data.timeout, {instancePath:instancePath+"/timeout"}))){
vErrors = join(vErrors, validate91.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema98,data});
errors++;
}
validate349.errors = vErrors;
return errors === 0;
}

const schema99 = {"type":"object","additionalProperties":false,"properties":{"sections":{"type":"array","minItems":1,"items":{"enum":["summary","deliverables","contributions","gates","issues","next_steps"]}},"xo":{"$ref":"xoReport"},"targets":{"type":"object","additionalProperties":{"type":"string","minLength":1}}}};
const schema100 = {"type":"object","additionalProperties":false,"properties":{"at":{"type":"array","items":{"enum":["session_end","request"]}},"failures":{"type":"integer","minimum":1},"to":{"$ref":"coordinatorName"}}};

function validate355(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "at") || (key0 === "failures")) || (key0 === "to"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema100,data});
errors++;
}
}
if(data.at !== undefined){
let data0 = data.at;
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(!((data1 === "session_end") || (data1 === "request"))){
vErrors = put(vErrors, {instancePath:instancePath+"/at/" + i0,schemaPath:"#/properties/at/items/enum",keyword:"enum",params:{allowedValues: schema100.properties.at.items.enum},parentSchema:schema100.properties.at.items,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "array"},parentSchema:schema100.properties.at,data:data0});
errors++;
}
}
if(data.failures !== undefined){
let data2 = data.failures;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
vErrors = put(vErrors, {instancePath:instancePath+"/failures",schemaPath:"#/properties/failures/type",keyword:"type",params:{type: "integer"},parentSchema:schema100.properties.failures,data:data2});
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
vErrors = put(vErrors, {instancePath:instancePath+"/failures",schemaPath:"#/properties/failures/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema100.properties.failures,data:data2});
errors++;
}
}
}
if(data.to !== undefined){
if(!(validate330(data.to, {instancePath:instancePath+"/to"}))){
vErrors = join(vErrors, validate330.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema100,data});
errors++;
}
validate355.errors = vErrors;
return errors === 0;
}


function validate354(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "sections") || (key0 === "xo")) || (key0 === "targets"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema99,data});
errors++;
}
}
if(data.sections !== undefined){
let data0 = data.sections;
if(Array.isArray(data0)){
if(data0.length < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/sections",schemaPath:"#/properties/sections/minItems",keyword:"minItems",params:{limit: 1},parentSchema:schema99.properties.sections,data:data0});
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(!((((((data1 === "summary") || (data1 === "deliverables")) || (data1 === "contributions")) || (data1 === "gates")) || (data1 === "issues")) || (data1 === "next_steps"))){
vErrors = put(vErrors, {instancePath:instancePath+"/sections/" + i0,schemaPath:"#/properties/sections/items/enum",keyword:"enum",params:{allowedValues: schema99.properties.sections.items.enum},parentSchema:schema99.properties.sections.items,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/sections",schemaPath:"#/properties/sections/type",keyword:"type",params:{type: "array"},parentSchema:schema99.properties.sections,data:data0});
errors++;
}
}
if(data.xo !== undefined){
if(!(validate355(data.xo, {instancePath:instancePath+"/xo"}))){
vErrors = join(vErrors, validate355.errors);
errors = vErrors.length;
}
}
if(data.targets !== undefined){
let data3 = data.targets;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key1 in data3){
let data4 = data3[key1];
if(typeof data4 === "string"){
if(func3(data4) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/targets/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/targets/additionalProperties/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema99.properties.targets.additionalProperties,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/targets/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/targets/additionalProperties/type",keyword:"type",params:{type: "string"},parentSchema:schema99.properties.targets.additionalProperties,data:data4});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/targets",schemaPath:"#/properties/targets/type",keyword:"type",params:{type: "object"},parentSchema:schema99.properties.targets,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema99,data});
errors++;
}
validate354.errors = vErrors;
return errors === 0;
}


function validate329(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.coordinator === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "coordinator"},parentSchema:schema93,data});
errors++;
}
if(data.signals === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "signals"},parentSchema:schema93,data});
errors++;
}
for(const key0 in data){
if(!(func1.call(schema93.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema93,data});
errors++;
}
}
if(data.coordinator !== undefined){
if(!(validate330(data.coordinator, {instancePath:instancePath+"/coordinator"}))){
vErrors = join(vErrors, validate330.errors);
errors = vErrors.length;
}
}
if(data.opsflow !== undefined){
if(!(validate55(data.opsflow, {instancePath:instancePath+"/opsflow"}))){
vErrors = join(vErrors, validate55.errors);
errors = vErrors.length;
}
}
if(data.description !== undefined){
let data2 = data.description;
if(typeof data2 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},parentSchema:schema93.properties.description,data:data2});
errors++;
}
}
if(data.domain !== undefined){
let data3 = data.domain;
if(typeof data3 === "string"){
if(func3(data3) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema93.properties.domain,data:data3});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/type",keyword:"type",params:{type: "string"},parentSchema:schema93.properties.domain,data:data3});
errors++;
}
}
if(data.tier !== undefined){
let data4 = data.tier;
if(typeof data4 === "string"){
if(func3(data4) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/tier",schemaPath:"#/properties/tier/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema93.properties.tier,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/tier",schemaPath:"#/properties/tier/type",keyword:"type",params:{type: "string"},parentSchema:schema93.properties.tier,data:data4});
errors++;
}
}
if(data.reports_to !== undefined){
let data5 = data.reports_to;
if(typeof data5 === "string"){
if(func3(data5) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/reports_to",schemaPath:"#/properties/reports_to/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema93.properties.reports_to,data:data5});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/reports_to",schemaPath:"#/properties/reports_to/type",keyword:"type",params:{type: "string"},parentSchema:schema93.properties.reports_to,data:data5});
errors++;
}
}
if(data.agents !== undefined){
let data6 = data.agents;
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
if(!(validate53(data6[i0], {instancePath:instancePath+"/agents/" + i0}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/agents",schemaPath:"#/properties/agents/type",keyword:"type",params:{type: "array"},parentSchema:schema93.properties.agents,data:data6});
errors++;
}
}
if(data.max_parallel !== undefined){
let data8 = data.max_parallel;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
vErrors = put(vErrors, {instancePath:instancePath+"/max_parallel",schemaPath:"#/properties/max_parallel/type",keyword:"type",params:{type: "integer"},parentSchema:schema93.properties.max_parallel,data:data8});
errors++;
}
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 1 || isNaN(data8)){
vErrors = put(vErrors, {instancePath:instancePath+"/max_parallel",schemaPath:"#/properties/max_parallel/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},parentSchema:schema93.properties.max_parallel,data:data8});
errors++;
}
}
}
if(data.defaults !== undefined){
if(!(validate82(data.defaults, {instancePath:instancePath+"/defaults"}))){
vErrors = join(vErrors, validate82.errors);
errors = vErrors.length;
}
}
if(data.payload !== undefined){
if(!(validate156(data.payload, {instancePath:instancePath+"/payload"}))){
vErrors = join(vErrors, validate156.errors);
errors = vErrors.length;
}
}
if(data.signals !== undefined){
let data11 = data.signals;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key1 in data11){
const _errs21 = errors;
if(!(validate336(key1, {instancePath:instancePath+"/signals"}))){
vErrors = join(vErrors, validate336.errors);
errors = vErrors.length;
}
var valid3 = _errs21 === errors;
if(!valid3){
vErrors = put(vErrors, {instancePath:instancePath+"/signals",schemaPath:"#/properties/signals/propertyNames",keyword:"propertyNames",params:{propertyName: key1},parentSchema:schema93.properties.signals,data:data11});
errors++;
}
}
for(const key2 in data11){
if(!(validate338(data11[key2], {instancePath:instancePath+"/signals/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate338.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/signals",schemaPath:"#/properties/signals/type",keyword:"type",params:{type: "object"},parentSchema:schema93.properties.signals,data:data11});
errors++;
}
}
if(data.permissions !== undefined){
if(!(validate80(data.permissions, {instancePath:instancePath+"/permissions"}))){
vErrors = join(vErrors, validate80.errors);
errors = vErrors.length;
}
}
if(data.gates !== undefined){
if(!(validate310(data.gates, {instancePath:instancePath+"/gates"}))){
vErrors = join(vErrors, validate310.errors);
errors = vErrors.length;
}
}
if(data.escalate !== undefined){
let data15 = data.escalate;
if(Array.isArray(data15)){
const len1 = data15.length;
for(let i1=0; i1<len1; i1++){
if(!(validate349(data15[i1], {instancePath:instancePath+"/escalate/" + i1}))){
vErrors = join(vErrors, validate349.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/escalate",schemaPath:"#/properties/escalate/type",keyword:"type",params:{type: "array"},parentSchema:schema93.properties.escalate,data:data15});
errors++;
}
}
if(data.report !== undefined){
if(!(validate354(data.report, {instancePath:instancePath+"/report"}))){
vErrors = join(vErrors, validate354.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema93,data});
errors++;
}
validate329.errors = vErrors;
return errors === 0;
}

export const agents = validate359;
const schema101 = {"title":"AgentsFile","type":"object","additionalProperties":false,"required":["agents"],"properties":{"opsflow":{"$ref":"formatVersion"},"models":{"$ref":"models"},"actions":{"type":"object","propertyNames":{"$ref":"name"},"additionalProperties":{"type":"array","items":{"type":"string","minLength":1}}},"permissions":{"$ref":"permissions"},"defaults":{"$ref":"defaults"},"agents":{"$ref":"agents"}}};
const schema102 = {"type":"object","propertyNames":{"$ref":"dashedName"},"additionalProperties":{"$ref":"modelTier"}};
const schema103 = {"type":"object","additionalProperties":false,"required":["line"],"properties":{"line":{"type":"string","minLength":1},"fallback":{"type":"array","items":{"type":"string","minLength":1}}}};

function validate363(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.line === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "line"},parentSchema:schema103,data});
errors++;
}
for(const key0 in data){
if(!((key0 === "line") || (key0 === "fallback"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema103,data});
errors++;
}
}
if(data.line !== undefined){
let data0 = data.line;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/line",schemaPath:"#/properties/line/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema103.properties.line,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/line",schemaPath:"#/properties/line/type",keyword:"type",params:{type: "string"},parentSchema:schema103.properties.line,data:data0});
errors++;
}
}
if(data.fallback !== undefined){
let data1 = data.fallback;
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(typeof data2 === "string"){
if(func3(data2) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/fallback/" + i0,schemaPath:"#/properties/fallback/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema103.properties.fallback.items,data:data2});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/fallback/" + i0,schemaPath:"#/properties/fallback/items/type",keyword:"type",params:{type: "string"},parentSchema:schema103.properties.fallback.items,data:data2});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/fallback",schemaPath:"#/properties/fallback/type",keyword:"type",params:{type: "array"},parentSchema:schema103.properties.fallback,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema103,data});
errors++;
}
validate363.errors = vErrors;
return errors === 0;
}


function validate361(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(!(validate53(key0, {instancePath}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},parentSchema:schema102,data});
errors++;
}
}
for(const key1 in data){
if(!(validate363(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate363.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema102,data});
errors++;
}
validate361.errors = vErrors;
return errors === 0;
}


function validate359(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.agents === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "agents"},parentSchema:schema101,data});
errors++;
}
for(const key0 in data){
if(!((((((key0 === "opsflow") || (key0 === "models")) || (key0 === "actions")) || (key0 === "permissions")) || (key0 === "defaults")) || (key0 === "agents"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema101,data});
errors++;
}
}
if(data.opsflow !== undefined){
if(!(validate55(data.opsflow, {instancePath:instancePath+"/opsflow"}))){
vErrors = join(vErrors, validate55.errors);
errors = vErrors.length;
}
}
if(data.models !== undefined){
if(!(validate361(data.models, {instancePath:instancePath+"/models"}))){
vErrors = join(vErrors, validate361.errors);
errors = vErrors.length;
}
}
if(data.actions !== undefined){
let data2 = data.actions;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
const _errs6 = errors;
if(!(validate95(key1, {instancePath:instancePath+"/actions"}))){
vErrors = join(vErrors, validate95.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
if(!valid1){
vErrors = put(vErrors, {instancePath:instancePath+"/actions",schemaPath:"#/properties/actions/propertyNames",keyword:"propertyNames",params:{propertyName: key1},parentSchema:schema101.properties.actions,data:data2});
errors++;
}
}
for(const key2 in data2){
let data3 = data2[key2];
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 === "string"){
if(func3(data4) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/actions/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/properties/actions/additionalProperties/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema101.properties.actions.additionalProperties.items,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/actions/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/properties/actions/additionalProperties/items/type",keyword:"type",params:{type: "string"},parentSchema:schema101.properties.actions.additionalProperties.items,data:data4});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/actions/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/actions/additionalProperties/type",keyword:"type",params:{type: "array"},parentSchema:schema101.properties.actions.additionalProperties,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/actions",schemaPath:"#/properties/actions/type",keyword:"type",params:{type: "object"},parentSchema:schema101.properties.actions,data:data2});
errors++;
}
}
if(data.permissions !== undefined){
if(!(validate80(data.permissions, {instancePath:instancePath+"/permissions"}))){
vErrors = join(vErrors, validate80.errors);
errors = vErrors.length;
}
}
if(data.defaults !== undefined){
if(!(validate82(data.defaults, {instancePath:instancePath+"/defaults"}))){
vErrors = join(vErrors, validate82.errors);
errors = vErrors.length;
}
}
if(data.agents !== undefined){
if(!(validate63(data.agents, {instancePath:instancePath+"/agents"}))){
vErrors = join(vErrors, validate63.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema101,data});
errors++;
}
validate359.errors = vErrors;
return errors === 0;
}

export const config = validate370;
const schema104 = {"title":"Config","type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string"},"opsflow":{"$ref":"formatVersion"},"pipelines":{"$ref":"globs"},"agents":{"type":"string","minLength":1},"state":{"type":"string","minLength":1},"people":{"type":"object","propertyNames":{"$ref":"dashedName"},"additionalProperties":{"type":"array","items":{"type":"string","minLength":1}}},"environments":{"type":"object","propertyNames":{"$ref":"dashedName"},"additionalProperties":{"$ref":"environmentEntry"}},"projects":{"type":"array","items":{"$ref":"projectEntry"}},"models":{"$ref":"models"},"secrets":{"type":"array","items":{"$ref":"secretProvider"}},"lint":{"$ref":"lintSettings"},"defaults":{"$ref":"defaults"}}};
const schema105 = {"type":"object","additionalProperties":false,"properties":{"vars":{"type":"object","additionalProperties":{"$ref":"json"}},"secrets":{"type":"array","items":{"$ref":"variableName"}},"approvers":{"$ref":"roles"}}};

function validate375(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "vars") || (key0 === "secrets")) || (key0 === "approvers"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema105,data});
errors++;
}
}
if(data.vars !== undefined){
let data0 = data.vars;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(!(validate104(data0[key1], {instancePath:instancePath+"/vars/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate104.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/vars",schemaPath:"#/properties/vars/type",keyword:"type",params:{type: "object"},parentSchema:schema105.properties.vars,data:data0});
errors++;
}
}
if(data.secrets !== undefined){
let data2 = data.secrets;
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate118(data2[i0], {instancePath:instancePath+"/secrets/" + i0}))){
vErrors = join(vErrors, validate118.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "array"},parentSchema:schema105.properties.secrets,data:data2});
errors++;
}
}
if(data.approvers !== undefined){
if(!(validate196(data.approvers, {instancePath:instancePath+"/approvers"}))){
vErrors = join(vErrors, validate196.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema105,data});
errors++;
}
validate375.errors = vErrors;
return errors === 0;
}

const schema106 = {"type":"object","additionalProperties":false,"required":["alias","path"],"properties":{"alias":{"$ref":"dashedName"},"path":{"type":"string","minLength":1},"repo":{"type":"string","minLength":1},"protected":{"type":"array","items":{"type":"string","minLength":1}}}};

function validate380(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.alias === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "alias"},parentSchema:schema106,data});
errors++;
}
if(data.path === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "path"},parentSchema:schema106,data});
errors++;
}
for(const key0 in data){
if(!((((key0 === "alias") || (key0 === "path")) || (key0 === "repo")) || (key0 === "protected"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema106,data});
errors++;
}
}
if(data.alias !== undefined){
if(!(validate53(data.alias, {instancePath:instancePath+"/alias"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
}
if(data.path !== undefined){
let data1 = data.path;
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/path",schemaPath:"#/properties/path/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema106.properties.path,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "string"},parentSchema:schema106.properties.path,data:data1});
errors++;
}
}
if(data.repo !== undefined){
let data2 = data.repo;
if(typeof data2 === "string"){
if(func3(data2) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/repo",schemaPath:"#/properties/repo/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema106.properties.repo,data:data2});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/repo",schemaPath:"#/properties/repo/type",keyword:"type",params:{type: "string"},parentSchema:schema106.properties.repo,data:data2});
errors++;
}
}
if(data.protected !== undefined){
let data3 = data.protected;
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 === "string"){
if(func3(data4) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/protected/" + i0,schemaPath:"#/properties/protected/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema106.properties.protected.items,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/protected/" + i0,schemaPath:"#/properties/protected/items/type",keyword:"type",params:{type: "string"},parentSchema:schema106.properties.protected.items,data:data4});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/protected",schemaPath:"#/properties/protected/type",keyword:"type",params:{type: "array"},parentSchema:schema106.properties.protected,data:data3});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema106,data});
errors++;
}
validate380.errors = vErrors;
return errors === 0;
}

const schema107 = {"x-expects":"`env`, a map with `file` or a map with `command`","anyOf":[{"const":"env"},{"$ref":"secretSource"}]};
const schema108 = {"type":"object","additionalProperties":false,"properties":{"file":{"type":"string","minLength":1},"command":{"type":"string","minLength":1}},"oneOf":[{"required":["file"]},{"required":["command"]}],"x-one-of":["file","command"],"x-what":"secret provider"};

function validate385(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.file === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "file"},parentSchema:schema108.oneOf[0],data});
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.command === undefined){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "command"},parentSchema:schema108.oneOf[1],data});
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},parentSchema:schema108,data});
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "file") || (key0 === "command"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema108,data});
errors++;
}
}
if(data.file !== undefined){
let data0 = data.file;
if(typeof data0 === "string"){
if(func3(data0) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/file",schemaPath:"#/properties/file/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema108.properties.file,data:data0});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"},parentSchema:schema108.properties.file,data:data0});
errors++;
}
}
if(data.command !== undefined){
let data1 = data.command;
if(typeof data1 === "string"){
if(func3(data1) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/command",schemaPath:"#/properties/command/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema108.properties.command,data:data1});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/command",schemaPath:"#/properties/command/type",keyword:"type",params:{type: "string"},parentSchema:schema108.properties.command,data:data1});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema108,data});
errors++;
}
validate385.errors = vErrors;
return errors === 0;
}


function validate384(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if("env" !== data){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf/0/const",keyword:"const",params:{allowedValue: "env"},parentSchema:schema107.anyOf[0],data});
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate385(data, {instancePath}))){
vErrors = join(vErrors, validate385.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
vErrors = put(vErrors, {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},parentSchema:schema107,data});
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate384.errors = vErrors;
return errors === 0;
}

const schema109 = {"type":"object","additionalProperties":false,"properties":{"severities":{"type":"object","additionalProperties":{"$ref":"lintSeverity"}},"max_warnings":{"type":"integer","minimum":0}}};
const schema110 = {"enum":["error","warning","info","ignore"]};

function validate389(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(!((((data === "error") || (data === "warning")) || (data === "info")) || (data === "ignore"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema110.enum},parentSchema:schema110,data});
errors++;
}
validate389.errors = vErrors;
return errors === 0;
}


function validate388(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "severities") || (key0 === "max_warnings"))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema109,data});
errors++;
}
}
if(data.severities !== undefined){
let data0 = data.severities;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(!(validate389(data0[key1], {instancePath:instancePath+"/severities/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate389.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/severities",schemaPath:"#/properties/severities/type",keyword:"type",params:{type: "object"},parentSchema:schema109.properties.severities,data:data0});
errors++;
}
}
if(data.max_warnings !== undefined){
let data2 = data.max_warnings;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
vErrors = put(vErrors, {instancePath:instancePath+"/max_warnings",schemaPath:"#/properties/max_warnings/type",keyword:"type",params:{type: "integer"},parentSchema:schema109.properties.max_warnings,data:data2});
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
vErrors = put(vErrors, {instancePath:instancePath+"/max_warnings",schemaPath:"#/properties/max_warnings/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},parentSchema:schema109.properties.max_warnings,data:data2});
errors++;
}
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema109,data});
errors++;
}
validate388.errors = vErrors;
return errors === 0;
}


function validate370(data, {instancePath=""}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func1.call(schema104.properties, key0))){
vErrors = put(vErrors, {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},parentSchema:schema104,data});
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
vErrors = put(vErrors, {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},parentSchema:schema104.properties.$schema,data:data0});
errors++;
}
}
if(data.opsflow !== undefined){
if(!(validate55(data.opsflow, {instancePath:instancePath+"/opsflow"}))){
vErrors = join(vErrors, validate55.errors);
errors = vErrors.length;
}
}
if(data.pipelines !== undefined){
if(!(validate73(data.pipelines, {instancePath:instancePath+"/pipelines"}))){
vErrors = join(vErrors, validate73.errors);
errors = vErrors.length;
}
}
if(data.agents !== undefined){
let data3 = data.agents;
if(typeof data3 === "string"){
if(func3(data3) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/agents",schemaPath:"#/properties/agents/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema104.properties.agents,data:data3});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/agents",schemaPath:"#/properties/agents/type",keyword:"type",params:{type: "string"},parentSchema:schema104.properties.agents,data:data3});
errors++;
}
}
if(data.state !== undefined){
let data4 = data.state;
if(typeof data4 === "string"){
if(func3(data4) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/state",schemaPath:"#/properties/state/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema104.properties.state,data:data4});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/state",schemaPath:"#/properties/state/type",keyword:"type",params:{type: "string"},parentSchema:schema104.properties.state,data:data4});
errors++;
}
}
if(data.people !== undefined){
let data5 = data.people;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key1 in data5){
const _errs12 = errors;
if(!(validate53(key1, {instancePath:instancePath+"/people"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
var valid1 = _errs12 === errors;
if(!valid1){
vErrors = put(vErrors, {instancePath:instancePath+"/people",schemaPath:"#/properties/people/propertyNames",keyword:"propertyNames",params:{propertyName: key1},parentSchema:schema104.properties.people,data:data5});
errors++;
}
}
for(const key2 in data5){
let data6 = data5[key2];
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 === "string"){
if(func3(data7) < 1){
vErrors = put(vErrors, {instancePath:instancePath+"/people/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/properties/people/additionalProperties/items/minLength",keyword:"minLength",params:{limit: 1},parentSchema:schema104.properties.people.additionalProperties.items,data:data7});
errors++;
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/people/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/properties/people/additionalProperties/items/type",keyword:"type",params:{type: "string"},parentSchema:schema104.properties.people.additionalProperties.items,data:data7});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/people/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/people/additionalProperties/type",keyword:"type",params:{type: "array"},parentSchema:schema104.properties.people.additionalProperties,data:data6});
errors++;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/people",schemaPath:"#/properties/people/type",keyword:"type",params:{type: "object"},parentSchema:schema104.properties.people,data:data5});
errors++;
}
}
if(data.environments !== undefined){
let data8 = data.environments;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key3 in data8){
const _errs20 = errors;
if(!(validate53(key3, {instancePath:instancePath+"/environments"}))){
vErrors = join(vErrors, validate53.errors);
errors = vErrors.length;
}
var valid5 = _errs20 === errors;
if(!valid5){
vErrors = put(vErrors, {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/propertyNames",keyword:"propertyNames",params:{propertyName: key3},parentSchema:schema104.properties.environments,data:data8});
errors++;
}
}
for(const key4 in data8){
if(!(validate375(data8[key4], {instancePath:instancePath+"/environments/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")}))){
vErrors = join(vErrors, validate375.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/type",keyword:"type",params:{type: "object"},parentSchema:schema104.properties.environments,data:data8});
errors++;
}
}
if(data.projects !== undefined){
let data10 = data.projects;
if(Array.isArray(data10)){
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
if(!(validate380(data10[i1], {instancePath:instancePath+"/projects/" + i1}))){
vErrors = join(vErrors, validate380.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/projects",schemaPath:"#/properties/projects/type",keyword:"type",params:{type: "array"},parentSchema:schema104.properties.projects,data:data10});
errors++;
}
}
if(data.models !== undefined){
if(!(validate361(data.models, {instancePath:instancePath+"/models"}))){
vErrors = join(vErrors, validate361.errors);
errors = vErrors.length;
}
}
if(data.secrets !== undefined){
let data13 = data.secrets;
if(Array.isArray(data13)){
const len2 = data13.length;
for(let i2=0; i2<len2; i2++){
if(!(validate384(data13[i2], {instancePath:instancePath+"/secrets/" + i2}))){
vErrors = join(vErrors, validate384.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "array"},parentSchema:schema104.properties.secrets,data:data13});
errors++;
}
}
if(data.lint !== undefined){
if(!(validate388(data.lint, {instancePath:instancePath+"/lint"}))){
vErrors = join(vErrors, validate388.errors);
errors = vErrors.length;
}
}
if(data.defaults !== undefined){
if(!(validate82(data.defaults, {instancePath:instancePath+"/defaults"}))){
vErrors = join(vErrors, validate82.errors);
errors = vErrors.length;
}
}
}
else {
vErrors = put(vErrors, {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},parentSchema:schema104,data});
errors++;
}
validate370.errors = vErrors;
return errors === 0;
}
