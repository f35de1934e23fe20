// Generated from schemas/ by `npm run generate`. Do not edit.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// node_modules/fast-deep-equal/index.js
var require_fast_deep_equal = __commonJS({
  "node_modules/fast-deep-equal/index.js"(exports, module) {
    "use strict";
    module.exports = function equal(a, b) {
      if (a === b) return true;
      if (a && b && typeof a == "object" && typeof b == "object") {
        if (a.constructor !== b.constructor) return false;
        var length, i, keys;
        if (Array.isArray(a)) {
          length = a.length;
          if (length != b.length) return false;
          for (i = length; i-- !== 0; )
            if (!equal(a[i], b[i])) return false;
          return true;
        }
        if (a.constructor === RegExp) return a.source === b.source && a.flags === b.flags;
        if (a.valueOf !== Object.prototype.valueOf) return a.valueOf() === b.valueOf();
        if (a.toString !== Object.prototype.toString) return a.toString() === b.toString();
        keys = Object.keys(a);
        length = keys.length;
        if (length !== Object.keys(b).length) return false;
        for (i = length; i-- !== 0; )
          if (!Object.prototype.hasOwnProperty.call(b, keys[i])) return false;
        for (i = length; i-- !== 0; ) {
          var key = keys[i];
          if (!equal(a[key], b[key])) return false;
        }
        return true;
      }
      return a !== a && b !== b;
    };
  }
});

// node_modules/ajv/dist/runtime/equal.js
var require_equal = __commonJS({
  "node_modules/ajv/dist/runtime/equal.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    var equal = require_fast_deep_equal();
    equal.code = 'require("ajv/dist/runtime/equal").default';
    exports.default = equal;
  }
});

// <stdin>
var validate_config = validate10;
var pattern0 = new RegExp("^[a-z][a-z0-9-]*$", "u");
var pattern1 = new RegExp("^[a-z0-9-]+$", "u");
var pattern2 = new RegExp("^(?!local$)[a-z][a-z0-9-]*$", "u");
var pattern14 = new RegExp("^[a-z0-9*-]+$", "u");
var func2 = require_ucs2length().default;
var pattern3 = new RegExp("^[^\\u0000\\n]*$", "u");
var pattern4 = new RegExp("^[0-9]+(\\.[0-9]+)?(s|m|h)$", "u");
var pattern5 = new RegExp("^-[^\\u0000\\n]*$", "u");
function validate12(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.kind === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kind" }, message: "must have required property 'kind'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "kind" || key0 === "partition" || key0 === "account" || key0 === "qos" || key0 === "setup" || key0 === "group" || key0 === "queued" || key0 === "options")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.kind !== void 0) {
      if ("slurm" !== data.kind) {
        const err2 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/const", keyword: "const", params: { allowedValue: "slurm" }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.partition !== void 0) {
      let data1 = data.partition;
      if (typeof data1 === "string") {
        if (func2(data1) < 1) {
          const err3 = { instancePath: instancePath + "/partition", schemaPath: "#/properties/partition/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/partition", schemaPath: "#/properties/partition/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.account !== void 0) {
      let data2 = data.account;
      if (typeof data2 === "string") {
        if (func2(data2) < 1) {
          const err5 = { instancePath: instancePath + "/account", schemaPath: "#/properties/account/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/account", schemaPath: "#/properties/account/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.qos !== void 0) {
      let data3 = data.qos;
      if (typeof data3 === "string") {
        if (func2(data3) < 1) {
          const err7 = { instancePath: instancePath + "/qos", schemaPath: "#/properties/qos/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/qos", schemaPath: "#/properties/qos/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.setup !== void 0) {
      let data4 = data.setup;
      if (Array.isArray(data4)) {
        const len0 = data4.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data5 = data4[i0];
          if (typeof data5 === "string") {
            if (!pattern3.test(data5)) {
              const err9 = { instancePath: instancePath + "/setup/" + i0, schemaPath: "#/properties/setup/items/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            }
          } else {
            const err10 = { instancePath: instancePath + "/setup/" + i0, schemaPath: "#/properties/setup/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/setup", schemaPath: "#/properties/setup/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.group !== void 0) {
      let data6 = data.group;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        if (data6.under === void 0) {
          const err12 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/required", keyword: "required", params: { missingProperty: "under" }, message: "must have required property 'under'" };
          if (vErrors === null) {
            vErrors = [err12];
          } else {
            vErrors.push(err12);
          }
          errors++;
        }
        if (data6.size === void 0) {
          const err13 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/required", keyword: "required", params: { missingProperty: "size" }, message: "must have required property 'size'" };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        for (const key1 in data6) {
          if (!(key1 === "under" || key1 === "size")) {
            const err14 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
        if (data6.under !== void 0) {
          let data7 = data6.under;
          if (typeof data7 === "string") {
            if (!pattern4.test(data7)) {
              const err15 = { instancePath: instancePath + "/group/under", schemaPath: "#/definitions/GroupDeclaration/properties/under/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(s|m|h)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(s|m|h)$"' };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/group/under", schemaPath: "#/definitions/GroupDeclaration/properties/under/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        if (data6.size !== void 0) {
          let data8 = data6.size;
          if (!(typeof data8 == "number" && (!(data8 % 1) && !isNaN(data8)) && isFinite(data8))) {
            const err17 = { instancePath: instancePath + "/group/size", schemaPath: "#/definitions/GroupDeclaration/properties/size/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
          if (typeof data8 == "number" && isFinite(data8)) {
            if (data8 < 2 || isNaN(data8)) {
              const err18 = { instancePath: instancePath + "/group/size", schemaPath: "#/definitions/GroupDeclaration/properties/size/minimum", keyword: "minimum", params: { comparison: ">=", limit: 2 }, message: "must be >= 2" };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
          }
        }
      } else {
        const err19 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data.queued !== void 0) {
      let data9 = data.queued;
      if (!(typeof data9 == "number" && (!(data9 % 1) && !isNaN(data9)) && isFinite(data9))) {
        const err20 = { instancePath: instancePath + "/queued", schemaPath: "#/properties/queued/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
      if (typeof data9 == "number" && isFinite(data9)) {
        if (data9 < 1 || isNaN(data9)) {
          const err21 = { instancePath: instancePath + "/queued", schemaPath: "#/properties/queued/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
          if (vErrors === null) {
            vErrors = [err21];
          } else {
            vErrors.push(err21);
          }
          errors++;
        }
      }
    }
    if (data.options !== void 0) {
      let data10 = data.options;
      if (Array.isArray(data10)) {
        const len1 = data10.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data11 = data10[i1];
          if (typeof data11 === "string") {
            if (!pattern5.test(data11)) {
              const err22 = { instancePath: instancePath + "/options/" + i1, schemaPath: "#/properties/options/items/pattern", keyword: "pattern", params: { pattern: "^-[^\\u0000\\n]*$" }, message: 'must match pattern "^-[^\\u0000\\n]*$"' };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          } else {
            const err23 = { instancePath: instancePath + "/options/" + i1, schemaPath: "#/properties/options/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
        }
      } else {
        const err24 = { instancePath: instancePath + "/options", schemaPath: "#/properties/options/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err24];
        } else {
          vErrors.push(err24);
        }
        errors++;
      }
    }
  } else {
    const err25 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err25];
    } else {
      vErrors.push(err25);
    }
    errors++;
  }
  validate12.errors = vErrors;
  return errors === 0;
}
var schema16 = { "type": "object", "required": ["kind", "submit", "status", "cancel"], "additionalProperties": false, "markdownDescription": "A scheduler by its commands, as words with placeholders in braces. Words that are a list of their own are left out together where a placeholder in them stands for nothing.", "properties": { "kind": { "const": "template" }, "submit": { "$ref": "#/definitions/TemplateWords" }, "status": { "$ref": "#/definitions/TemplateWords" }, "cancel": { "$ref": "#/definitions/TemplateWords" }, "id": { "type": "string", "minLength": 1, "markdownDescription": "A regular expression that finds the number in what `submit` prints; its first group, where it has one. Default `\\d+`." }, "states": { "type": "object", "additionalProperties": false, "markdownDescription": "Words in lines of `status` that say how it is with a job. One without any of them is there, and runs. Default: those of PBS, LSF and Grid Engine.", "properties": { "queued": { "type": "array", "items": { "type": "string", "minLength": 1 } }, "running": { "type": "array", "items": { "type": "string", "minLength": 1 } }, "ended": { "type": "array", "items": { "type": "string", "minLength": 1 } }, "failed": { "type": "array", "items": { "type": "string", "minLength": 1 }, "markdownDescription": "It is there, and will never run." } } }, "setup": { "type": "array", "items": { "type": "string", "pattern": "^[^\\u0000\\n]*$" }, "markdownDescription": "Lines of shell that come before each stage, such as `module load cuda`. They are part of its fingerprint." }, "group": { "$ref": "#/definitions/GroupDeclaration" }, "queued": { "type": "integer", "minimum": 1, "markdownDescription": "Stages that wait or run there at a time, at most. Default 200." } } };
var func9 = Object.prototype.hasOwnProperty;
function validate14(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.kind === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kind" }, message: "must have required property 'kind'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.submit === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "submit" }, message: "must have required property 'submit'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.status === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "status" }, message: "must have required property 'status'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.cancel === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "cancel" }, message: "must have required property 'cancel'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema16.properties, key0)) {
        const err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.kind !== void 0) {
      if ("template" !== data.kind) {
        const err5 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/const", keyword: "const", params: { allowedValue: "template" }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.submit !== void 0) {
      let data1 = data.submit;
      if (Array.isArray(data1)) {
        if (data1.length < 1) {
          const err6 = { instancePath: instancePath + "/submit", schemaPath: "#/definitions/TemplateWords/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          const _errs7 = errors;
          let valid4 = false;
          const _errs8 = errors;
          if (typeof data2 === "string") {
            if (func2(data2) < 1) {
              const err7 = { instancePath: instancePath + "/submit/" + i0, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
            if (!pattern3.test(data2)) {
              const err8 = { instancePath: instancePath + "/submit/" + i0, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
          } else {
            const err9 = { instancePath: instancePath + "/submit/" + i0, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
          var _valid0 = _errs8 === errors;
          valid4 = valid4 || _valid0;
          if (!valid4) {
            const _errs10 = errors;
            if (Array.isArray(data2)) {
              if (data2.length < 1) {
                const err10 = { instancePath: instancePath + "/submit/" + i0, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
                if (vErrors === null) {
                  vErrors = [err10];
                } else {
                  vErrors.push(err10);
                }
                errors++;
              }
              const len1 = data2.length;
              for (let i1 = 0; i1 < len1; i1++) {
                let data3 = data2[i1];
                if (typeof data3 === "string") {
                  if (func2(data3) < 1) {
                    const err11 = { instancePath: instancePath + "/submit/" + i0 + "/" + i1, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                    if (vErrors === null) {
                      vErrors = [err11];
                    } else {
                      vErrors.push(err11);
                    }
                    errors++;
                  }
                  if (!pattern3.test(data3)) {
                    const err12 = { instancePath: instancePath + "/submit/" + i0 + "/" + i1, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
                    if (vErrors === null) {
                      vErrors = [err12];
                    } else {
                      vErrors.push(err12);
                    }
                    errors++;
                  }
                } else {
                  const err13 = { instancePath: instancePath + "/submit/" + i0 + "/" + i1, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                  if (vErrors === null) {
                    vErrors = [err13];
                  } else {
                    vErrors.push(err13);
                  }
                  errors++;
                }
              }
            } else {
              const err14 = { instancePath: instancePath + "/submit/" + i0, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array" };
              if (vErrors === null) {
                vErrors = [err14];
              } else {
                vErrors.push(err14);
              }
              errors++;
            }
            var _valid0 = _errs10 === errors;
            valid4 = valid4 || _valid0;
          }
          if (!valid4) {
            const err15 = { instancePath: instancePath + "/submit/" + i0, schemaPath: "#/definitions/TemplateWords/items/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          } else {
            errors = _errs7;
            if (vErrors !== null) {
              if (_errs7) {
                vErrors.length = _errs7;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err16 = { instancePath: instancePath + "/submit", schemaPath: "#/definitions/TemplateWords/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.status !== void 0) {
      let data4 = data.status;
      if (Array.isArray(data4)) {
        if (data4.length < 1) {
          const err17 = { instancePath: instancePath + "/status", schemaPath: "#/definitions/TemplateWords/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
        const len2 = data4.length;
        for (let i2 = 0; i2 < len2; i2++) {
          let data5 = data4[i2];
          const _errs18 = errors;
          let valid10 = false;
          const _errs19 = errors;
          if (typeof data5 === "string") {
            if (func2(data5) < 1) {
              const err18 = { instancePath: instancePath + "/status/" + i2, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
            if (!pattern3.test(data5)) {
              const err19 = { instancePath: instancePath + "/status/" + i2, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
              if (vErrors === null) {
                vErrors = [err19];
              } else {
                vErrors.push(err19);
              }
              errors++;
            }
          } else {
            const err20 = { instancePath: instancePath + "/status/" + i2, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
          var _valid1 = _errs19 === errors;
          valid10 = valid10 || _valid1;
          if (!valid10) {
            const _errs21 = errors;
            if (Array.isArray(data5)) {
              if (data5.length < 1) {
                const err21 = { instancePath: instancePath + "/status/" + i2, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
                if (vErrors === null) {
                  vErrors = [err21];
                } else {
                  vErrors.push(err21);
                }
                errors++;
              }
              const len3 = data5.length;
              for (let i3 = 0; i3 < len3; i3++) {
                let data6 = data5[i3];
                if (typeof data6 === "string") {
                  if (func2(data6) < 1) {
                    const err22 = { instancePath: instancePath + "/status/" + i2 + "/" + i3, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                    if (vErrors === null) {
                      vErrors = [err22];
                    } else {
                      vErrors.push(err22);
                    }
                    errors++;
                  }
                  if (!pattern3.test(data6)) {
                    const err23 = { instancePath: instancePath + "/status/" + i2 + "/" + i3, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
                    if (vErrors === null) {
                      vErrors = [err23];
                    } else {
                      vErrors.push(err23);
                    }
                    errors++;
                  }
                } else {
                  const err24 = { instancePath: instancePath + "/status/" + i2 + "/" + i3, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                  if (vErrors === null) {
                    vErrors = [err24];
                  } else {
                    vErrors.push(err24);
                  }
                  errors++;
                }
              }
            } else {
              const err25 = { instancePath: instancePath + "/status/" + i2, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array" };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
            var _valid1 = _errs21 === errors;
            valid10 = valid10 || _valid1;
          }
          if (!valid10) {
            const err26 = { instancePath: instancePath + "/status/" + i2, schemaPath: "#/definitions/TemplateWords/items/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          } else {
            errors = _errs18;
            if (vErrors !== null) {
              if (_errs18) {
                vErrors.length = _errs18;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err27 = { instancePath: instancePath + "/status", schemaPath: "#/definitions/TemplateWords/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err27];
        } else {
          vErrors.push(err27);
        }
        errors++;
      }
    }
    if (data.cancel !== void 0) {
      let data7 = data.cancel;
      if (Array.isArray(data7)) {
        if (data7.length < 1) {
          const err28 = { instancePath: instancePath + "/cancel", schemaPath: "#/definitions/TemplateWords/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
          if (vErrors === null) {
            vErrors = [err28];
          } else {
            vErrors.push(err28);
          }
          errors++;
        }
        const len4 = data7.length;
        for (let i4 = 0; i4 < len4; i4++) {
          let data8 = data7[i4];
          const _errs29 = errors;
          let valid16 = false;
          const _errs30 = errors;
          if (typeof data8 === "string") {
            if (func2(data8) < 1) {
              const err29 = { instancePath: instancePath + "/cancel/" + i4, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
            if (!pattern3.test(data8)) {
              const err30 = { instancePath: instancePath + "/cancel/" + i4, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
              if (vErrors === null) {
                vErrors = [err30];
              } else {
                vErrors.push(err30);
              }
              errors++;
            }
          } else {
            const err31 = { instancePath: instancePath + "/cancel/" + i4, schemaPath: "#/definitions/TemplateWords/items/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
          var _valid2 = _errs30 === errors;
          valid16 = valid16 || _valid2;
          if (!valid16) {
            const _errs32 = errors;
            if (Array.isArray(data8)) {
              if (data8.length < 1) {
                const err32 = { instancePath: instancePath + "/cancel/" + i4, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
                if (vErrors === null) {
                  vErrors = [err32];
                } else {
                  vErrors.push(err32);
                }
                errors++;
              }
              const len5 = data8.length;
              for (let i5 = 0; i5 < len5; i5++) {
                let data9 = data8[i5];
                if (typeof data9 === "string") {
                  if (func2(data9) < 1) {
                    const err33 = { instancePath: instancePath + "/cancel/" + i4 + "/" + i5, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                    if (vErrors === null) {
                      vErrors = [err33];
                    } else {
                      vErrors.push(err33);
                    }
                    errors++;
                  }
                  if (!pattern3.test(data9)) {
                    const err34 = { instancePath: instancePath + "/cancel/" + i4 + "/" + i5, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
                    if (vErrors === null) {
                      vErrors = [err34];
                    } else {
                      vErrors.push(err34);
                    }
                    errors++;
                  }
                } else {
                  const err35 = { instancePath: instancePath + "/cancel/" + i4 + "/" + i5, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                  if (vErrors === null) {
                    vErrors = [err35];
                  } else {
                    vErrors.push(err35);
                  }
                  errors++;
                }
              }
            } else {
              const err36 = { instancePath: instancePath + "/cancel/" + i4, schemaPath: "#/definitions/TemplateWords/items/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array" };
              if (vErrors === null) {
                vErrors = [err36];
              } else {
                vErrors.push(err36);
              }
              errors++;
            }
            var _valid2 = _errs32 === errors;
            valid16 = valid16 || _valid2;
          }
          if (!valid16) {
            const err37 = { instancePath: instancePath + "/cancel/" + i4, schemaPath: "#/definitions/TemplateWords/items/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
            if (vErrors === null) {
              vErrors = [err37];
            } else {
              vErrors.push(err37);
            }
            errors++;
          } else {
            errors = _errs29;
            if (vErrors !== null) {
              if (_errs29) {
                vErrors.length = _errs29;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err38 = { instancePath: instancePath + "/cancel", schemaPath: "#/definitions/TemplateWords/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err38];
        } else {
          vErrors.push(err38);
        }
        errors++;
      }
    }
    if (data.id !== void 0) {
      let data10 = data.id;
      if (typeof data10 === "string") {
        if (func2(data10) < 1) {
          const err39 = { instancePath: instancePath + "/id", schemaPath: "#/properties/id/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err39];
          } else {
            vErrors.push(err39);
          }
          errors++;
        }
      } else {
        const err40 = { instancePath: instancePath + "/id", schemaPath: "#/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err40];
        } else {
          vErrors.push(err40);
        }
        errors++;
      }
    }
    if (data.states !== void 0) {
      let data11 = data.states;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (const key1 in data11) {
          if (!(key1 === "queued" || key1 === "running" || key1 === "ended" || key1 === "failed")) {
            const err41 = { instancePath: instancePath + "/states", schemaPath: "#/properties/states/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
        }
        if (data11.queued !== void 0) {
          let data12 = data11.queued;
          if (Array.isArray(data12)) {
            const len6 = data12.length;
            for (let i6 = 0; i6 < len6; i6++) {
              let data13 = data12[i6];
              if (typeof data13 === "string") {
                if (func2(data13) < 1) {
                  const err42 = { instancePath: instancePath + "/states/queued/" + i6, schemaPath: "#/properties/states/properties/queued/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err42];
                  } else {
                    vErrors.push(err42);
                  }
                  errors++;
                }
              } else {
                const err43 = { instancePath: instancePath + "/states/queued/" + i6, schemaPath: "#/properties/states/properties/queued/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err43];
                } else {
                  vErrors.push(err43);
                }
                errors++;
              }
            }
          } else {
            const err44 = { instancePath: instancePath + "/states/queued", schemaPath: "#/properties/states/properties/queued/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err44];
            } else {
              vErrors.push(err44);
            }
            errors++;
          }
        }
        if (data11.running !== void 0) {
          let data14 = data11.running;
          if (Array.isArray(data14)) {
            const len7 = data14.length;
            for (let i7 = 0; i7 < len7; i7++) {
              let data15 = data14[i7];
              if (typeof data15 === "string") {
                if (func2(data15) < 1) {
                  const err45 = { instancePath: instancePath + "/states/running/" + i7, schemaPath: "#/properties/states/properties/running/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err45];
                  } else {
                    vErrors.push(err45);
                  }
                  errors++;
                }
              } else {
                const err46 = { instancePath: instancePath + "/states/running/" + i7, schemaPath: "#/properties/states/properties/running/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err46];
                } else {
                  vErrors.push(err46);
                }
                errors++;
              }
            }
          } else {
            const err47 = { instancePath: instancePath + "/states/running", schemaPath: "#/properties/states/properties/running/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err47];
            } else {
              vErrors.push(err47);
            }
            errors++;
          }
        }
        if (data11.ended !== void 0) {
          let data16 = data11.ended;
          if (Array.isArray(data16)) {
            const len8 = data16.length;
            for (let i8 = 0; i8 < len8; i8++) {
              let data17 = data16[i8];
              if (typeof data17 === "string") {
                if (func2(data17) < 1) {
                  const err48 = { instancePath: instancePath + "/states/ended/" + i8, schemaPath: "#/properties/states/properties/ended/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err48];
                  } else {
                    vErrors.push(err48);
                  }
                  errors++;
                }
              } else {
                const err49 = { instancePath: instancePath + "/states/ended/" + i8, schemaPath: "#/properties/states/properties/ended/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err49];
                } else {
                  vErrors.push(err49);
                }
                errors++;
              }
            }
          } else {
            const err50 = { instancePath: instancePath + "/states/ended", schemaPath: "#/properties/states/properties/ended/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
        }
        if (data11.failed !== void 0) {
          let data18 = data11.failed;
          if (Array.isArray(data18)) {
            const len9 = data18.length;
            for (let i9 = 0; i9 < len9; i9++) {
              let data19 = data18[i9];
              if (typeof data19 === "string") {
                if (func2(data19) < 1) {
                  const err51 = { instancePath: instancePath + "/states/failed/" + i9, schemaPath: "#/properties/states/properties/failed/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err51];
                  } else {
                    vErrors.push(err51);
                  }
                  errors++;
                }
              } else {
                const err52 = { instancePath: instancePath + "/states/failed/" + i9, schemaPath: "#/properties/states/properties/failed/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err52];
                } else {
                  vErrors.push(err52);
                }
                errors++;
              }
            }
          } else {
            const err53 = { instancePath: instancePath + "/states/failed", schemaPath: "#/properties/states/properties/failed/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err53];
            } else {
              vErrors.push(err53);
            }
            errors++;
          }
        }
      } else {
        const err54 = { instancePath: instancePath + "/states", schemaPath: "#/properties/states/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err54];
        } else {
          vErrors.push(err54);
        }
        errors++;
      }
    }
    if (data.setup !== void 0) {
      let data20 = data.setup;
      if (Array.isArray(data20)) {
        const len10 = data20.length;
        for (let i10 = 0; i10 < len10; i10++) {
          let data21 = data20[i10];
          if (typeof data21 === "string") {
            if (!pattern3.test(data21)) {
              const err55 = { instancePath: instancePath + "/setup/" + i10, schemaPath: "#/properties/setup/items/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000\\n]*$" }, message: 'must match pattern "^[^\\u0000\\n]*$"' };
              if (vErrors === null) {
                vErrors = [err55];
              } else {
                vErrors.push(err55);
              }
              errors++;
            }
          } else {
            const err56 = { instancePath: instancePath + "/setup/" + i10, schemaPath: "#/properties/setup/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err56];
            } else {
              vErrors.push(err56);
            }
            errors++;
          }
        }
      } else {
        const err57 = { instancePath: instancePath + "/setup", schemaPath: "#/properties/setup/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err57];
        } else {
          vErrors.push(err57);
        }
        errors++;
      }
    }
    if (data.group !== void 0) {
      let data22 = data.group;
      if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
        if (data22.under === void 0) {
          const err58 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/required", keyword: "required", params: { missingProperty: "under" }, message: "must have required property 'under'" };
          if (vErrors === null) {
            vErrors = [err58];
          } else {
            vErrors.push(err58);
          }
          errors++;
        }
        if (data22.size === void 0) {
          const err59 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/required", keyword: "required", params: { missingProperty: "size" }, message: "must have required property 'size'" };
          if (vErrors === null) {
            vErrors = [err59];
          } else {
            vErrors.push(err59);
          }
          errors++;
        }
        for (const key2 in data22) {
          if (!(key2 === "under" || key2 === "size")) {
            const err60 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err60];
            } else {
              vErrors.push(err60);
            }
            errors++;
          }
        }
        if (data22.under !== void 0) {
          let data23 = data22.under;
          if (typeof data23 === "string") {
            if (!pattern4.test(data23)) {
              const err61 = { instancePath: instancePath + "/group/under", schemaPath: "#/definitions/GroupDeclaration/properties/under/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(s|m|h)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(s|m|h)$"' };
              if (vErrors === null) {
                vErrors = [err61];
              } else {
                vErrors.push(err61);
              }
              errors++;
            }
          } else {
            const err62 = { instancePath: instancePath + "/group/under", schemaPath: "#/definitions/GroupDeclaration/properties/under/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err62];
            } else {
              vErrors.push(err62);
            }
            errors++;
          }
        }
        if (data22.size !== void 0) {
          let data24 = data22.size;
          if (!(typeof data24 == "number" && (!(data24 % 1) && !isNaN(data24)) && isFinite(data24))) {
            const err63 = { instancePath: instancePath + "/group/size", schemaPath: "#/definitions/GroupDeclaration/properties/size/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err63];
            } else {
              vErrors.push(err63);
            }
            errors++;
          }
          if (typeof data24 == "number" && isFinite(data24)) {
            if (data24 < 2 || isNaN(data24)) {
              const err64 = { instancePath: instancePath + "/group/size", schemaPath: "#/definitions/GroupDeclaration/properties/size/minimum", keyword: "minimum", params: { comparison: ">=", limit: 2 }, message: "must be >= 2" };
              if (vErrors === null) {
                vErrors = [err64];
              } else {
                vErrors.push(err64);
              }
              errors++;
            }
          }
        }
      } else {
        const err65 = { instancePath: instancePath + "/group", schemaPath: "#/definitions/GroupDeclaration/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err65];
        } else {
          vErrors.push(err65);
        }
        errors++;
      }
    }
    if (data.queued !== void 0) {
      let data25 = data.queued;
      if (!(typeof data25 == "number" && (!(data25 % 1) && !isNaN(data25)) && isFinite(data25))) {
        const err66 = { instancePath: instancePath + "/queued", schemaPath: "#/properties/queued/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err66];
        } else {
          vErrors.push(err66);
        }
        errors++;
      }
      if (typeof data25 == "number" && isFinite(data25)) {
        if (data25 < 1 || isNaN(data25)) {
          const err67 = { instancePath: instancePath + "/queued", schemaPath: "#/properties/queued/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
          if (vErrors === null) {
            vErrors = [err67];
          } else {
            vErrors.push(err67);
          }
          errors++;
        }
      }
    }
  } else {
    const err68 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err68];
    } else {
      vErrors.push(err68);
    }
    errors++;
  }
  validate14.errors = vErrors;
  return errors === 0;
}
function validate11(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!validate12(data, { instancePath, parentData, parentDataProperty, rootData })) {
    vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
    errors = vErrors.length;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs2 = errors;
    if (!validate14(data, { instancePath, parentData, parentDataProperty, rootData })) {
      vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
      errors = vErrors.length;
    }
    var _valid0 = _errs2 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err0 = { instancePath, schemaPath: "#/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate11.errors = vErrors;
  return errors === 0;
}
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "remotes" || key0 === "key" || key0 === "executors" || key0 === "use")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.remotes !== void 0) {
      let data0 = data.remotes;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0) {
          const _errs4 = errors;
          if (typeof key1 === "string") {
            if (!pattern0.test(key1)) {
              const err1 = { instancePath: instancePath + "/remotes", schemaPath: "#/properties/remotes/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key1 };
              if (vErrors === null) {
                vErrors = [err1];
              } else {
                vErrors.push(err1);
              }
              errors++;
            }
          }
          var valid1 = _errs4 === errors;
          if (!valid1) {
            const err2 = { instancePath: instancePath + "/remotes", schemaPath: "#/properties/remotes/propertyNames", keyword: "propertyNames", params: { propertyName: key1 }, message: "property name must be valid" };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
        for (const key2 in data0) {
          let data1 = data0[key2];
          if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
            if (data1.url === void 0) {
              const err3 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/RemoteDeclaration/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'" };
              if (vErrors === null) {
                vErrors = [err3];
              } else {
                vErrors.push(err3);
              }
              errors++;
            }
            for (const key3 in data1) {
              if (!(key3 === "url" || key3 === "endpoint" || key3 === "region" || key3 === "trust" || key3 === "platforms")) {
                const err4 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/RemoteDeclaration/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err4];
                } else {
                  vErrors.push(err4);
                }
                errors++;
              }
            }
            if (data1.url !== void 0) {
              let data2 = data1.url;
              if (typeof data2 === "string") {
                if (func2(data2) < 1) {
                  const err5 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/definitions/RemoteDeclaration/properties/url/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err5];
                  } else {
                    vErrors.push(err5);
                  }
                  errors++;
                }
              } else {
                const err6 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/url", schemaPath: "#/definitions/RemoteDeclaration/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err6];
                } else {
                  vErrors.push(err6);
                }
                errors++;
              }
            }
            if (data1.endpoint !== void 0) {
              let data3 = data1.endpoint;
              if (typeof data3 === "string") {
                if (func2(data3) < 1) {
                  const err7 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/endpoint", schemaPath: "#/definitions/RemoteDeclaration/properties/endpoint/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err7];
                  } else {
                    vErrors.push(err7);
                  }
                  errors++;
                }
              } else {
                const err8 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/endpoint", schemaPath: "#/definitions/RemoteDeclaration/properties/endpoint/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err8];
                } else {
                  vErrors.push(err8);
                }
                errors++;
              }
            }
            if (data1.region !== void 0) {
              let data4 = data1.region;
              if (typeof data4 === "string") {
                if (func2(data4) < 1) {
                  const err9 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/region", schemaPath: "#/definitions/RemoteDeclaration/properties/region/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err9];
                  } else {
                    vErrors.push(err9);
                  }
                  errors++;
                }
              } else {
                const err10 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/region", schemaPath: "#/definitions/RemoteDeclaration/properties/region/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err10];
                } else {
                  vErrors.push(err10);
                }
                errors++;
              }
            }
            if (data1.trust !== void 0) {
              let data5 = data1.trust;
              const _errs17 = errors;
              let valid5 = false;
              const _errs18 = errors;
              if ("anyone" !== data5) {
                const err11 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/trust", schemaPath: "#/definitions/RemoteDeclaration/properties/trust/anyOf/0/const", keyword: "const", params: { allowedValue: "anyone" }, message: "must be equal to constant" };
                if (vErrors === null) {
                  vErrors = [err11];
                } else {
                  vErrors.push(err11);
                }
                errors++;
              }
              var _valid0 = _errs18 === errors;
              valid5 = valid5 || _valid0;
              if (!valid5) {
                const _errs19 = errors;
                if (Array.isArray(data5)) {
                  if (data5.length < 1) {
                    const err12 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/trust", schemaPath: "#/definitions/RemoteDeclaration/properties/trust/anyOf/1/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
                    if (vErrors === null) {
                      vErrors = [err12];
                    } else {
                      vErrors.push(err12);
                    }
                    errors++;
                  }
                  const len0 = data5.length;
                  for (let i0 = 0; i0 < len0; i0++) {
                    if (typeof data5[i0] !== "string") {
                      const err13 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/trust/" + i0, schemaPath: "#/definitions/RemoteDeclaration/properties/trust/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                      if (vErrors === null) {
                        vErrors = [err13];
                      } else {
                        vErrors.push(err13);
                      }
                      errors++;
                    }
                  }
                } else {
                  const err14 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/trust", schemaPath: "#/definitions/RemoteDeclaration/properties/trust/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                  if (vErrors === null) {
                    vErrors = [err14];
                  } else {
                    vErrors.push(err14);
                  }
                  errors++;
                }
                var _valid0 = _errs19 === errors;
                valid5 = valid5 || _valid0;
              }
              if (!valid5) {
                const err15 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/trust", schemaPath: "#/definitions/RemoteDeclaration/properties/trust/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
                if (vErrors === null) {
                  vErrors = [err15];
                } else {
                  vErrors.push(err15);
                }
                errors++;
              } else {
                errors = _errs17;
                if (vErrors !== null) {
                  if (_errs17) {
                    vErrors.length = _errs17;
                  } else {
                    vErrors = null;
                  }
                }
              }
            }
            if (data1.platforms !== void 0) {
              let data7 = data1.platforms;
              if (Array.isArray(data7)) {
                const len1 = data7.length;
                for (let i1 = 0; i1 < len1; i1++) {
                  let data8 = data7[i1];
                  if (typeof data8 === "string") {
                    if (!pattern1.test(data8)) {
                      const err16 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms/" + i1, schemaPath: "#/definitions/RemoteDeclaration/properties/platforms/items/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9-]+$" }, message: 'must match pattern "^[a-z0-9-]+$"' };
                      if (vErrors === null) {
                        vErrors = [err16];
                      } else {
                        vErrors.push(err16);
                      }
                      errors++;
                    }
                  } else {
                    const err17 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms/" + i1, schemaPath: "#/definitions/RemoteDeclaration/properties/platforms/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err17];
                    } else {
                      vErrors.push(err17);
                    }
                    errors++;
                  }
                }
              } else {
                const err18 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/platforms", schemaPath: "#/definitions/RemoteDeclaration/properties/platforms/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err18];
                } else {
                  vErrors.push(err18);
                }
                errors++;
              }
            }
          } else {
            const err19 = { instancePath: instancePath + "/remotes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/RemoteDeclaration/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
        }
      } else {
        const err20 = { instancePath: instancePath + "/remotes", schemaPath: "#/properties/remotes/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
    }
    if (data.key !== void 0) {
      let data9 = data.key;
      if (typeof data9 === "string") {
        if (func2(data9) < 1) {
          const err21 = { instancePath: instancePath + "/key", schemaPath: "#/properties/key/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err21];
          } else {
            vErrors.push(err21);
          }
          errors++;
        }
      } else {
        const err22 = { instancePath: instancePath + "/key", schemaPath: "#/properties/key/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err22];
        } else {
          vErrors.push(err22);
        }
        errors++;
      }
    }
    if (data.executors !== void 0) {
      let data10 = data.executors;
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
        for (const key4 in data10) {
          const _errs31 = errors;
          if (typeof key4 === "string") {
            if (!pattern2.test(key4)) {
              const err23 = { instancePath: instancePath + "/executors", schemaPath: "#/properties/executors/propertyNames/pattern", keyword: "pattern", params: { pattern: "^(?!local$)[a-z][a-z0-9-]*$" }, message: 'must match pattern "^(?!local$)[a-z][a-z0-9-]*$"', propertyName: key4 };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          }
          var valid10 = _errs31 === errors;
          if (!valid10) {
            const err24 = { instancePath: instancePath + "/executors", schemaPath: "#/properties/executors/propertyNames", keyword: "propertyNames", params: { propertyName: key4 }, message: "property name must be valid" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
        for (const key5 in data10) {
          if (!validate11(data10[key5], { instancePath: instancePath + "/executors/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data10, parentDataProperty: key5, rootData })) {
            vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err25 = { instancePath: instancePath + "/executors", schemaPath: "#/properties/executors/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data.use !== void 0) {
      let data12 = data.use;
      if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
        for (const key6 in data12) {
          const _errs36 = errors;
          if (typeof key6 === "string") {
            if (!pattern14.test(key6)) {
              const err26 = { instancePath: instancePath + "/use", schemaPath: "#/properties/use/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9*-]+$" }, message: 'must match pattern "^[a-z0-9*-]+$"', propertyName: key6 };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
          }
          var valid12 = _errs36 === errors;
          if (!valid12) {
            const err27 = { instancePath: instancePath + "/use", schemaPath: "#/properties/use/propertyNames", keyword: "propertyNames", params: { propertyName: key6 }, message: "property name must be valid" };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
        }
        for (const key7 in data12) {
          if (typeof data12[key7] !== "string") {
            const err28 = { instancePath: instancePath + "/use/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/use/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
        }
      } else {
        const err29 = { instancePath: instancePath + "/use", schemaPath: "#/properties/use/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
  } else {
    const err30 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err30];
    } else {
      vErrors.push(err30);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
var validate_included = validate17;
var pattern16 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]*$", "u");
var pattern17 = new RegExp("^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$", "u");
var pattern18 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
var pattern21 = new RegExp("^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$", "u");
function validate20(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length < 1) {
      const err0 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "fingerprint" || key0 === "pass")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.fingerprint !== void 0) {
      let data0 = data.fingerprint;
      if (Array.isArray(data0)) {
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 === "string") {
            if (!pattern18.test(data1)) {
              const err2 = { instancePath: instancePath + "/fingerprint/" + i0, schemaPath: "#/definitions/VariableNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"' };
              if (vErrors === null) {
                vErrors = [err2];
              } else {
                vErrors.push(err2);
              }
              errors++;
            }
          } else {
            const err3 = { instancePath: instancePath + "/fingerprint/" + i0, schemaPath: "#/definitions/VariableNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
        }
        let i1 = data0.length;
        let j0;
        if (i1 > 1) {
          const indices0 = {};
          for (; i1--; ) {
            let item0 = data0[i1];
            if (typeof item0 !== "string") {
              continue;
            }
            if (typeof indices0[item0] == "number") {
              j0 = indices0[item0];
              const err4 = { instancePath: instancePath + "/fingerprint", schemaPath: "#/definitions/VariableNames/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
              break;
            }
            indices0[item0] = i1;
          }
        }
      } else {
        const err5 = { instancePath: instancePath + "/fingerprint", schemaPath: "#/definitions/VariableNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.pass !== void 0) {
      let data2 = data.pass;
      if (Array.isArray(data2)) {
        const len1 = data2.length;
        for (let i2 = 0; i2 < len1; i2++) {
          let data3 = data2[i2];
          if (typeof data3 === "string") {
            if (!pattern18.test(data3)) {
              const err6 = { instancePath: instancePath + "/pass/" + i2, schemaPath: "#/definitions/VariableNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"' };
              if (vErrors === null) {
                vErrors = [err6];
              } else {
                vErrors.push(err6);
              }
              errors++;
            }
          } else {
            const err7 = { instancePath: instancePath + "/pass/" + i2, schemaPath: "#/definitions/VariableNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
        let i3 = data2.length;
        let j1;
        if (i3 > 1) {
          const indices1 = {};
          for (; i3--; ) {
            let item1 = data2[i3];
            if (typeof item1 !== "string") {
              continue;
            }
            if (typeof indices1[item1] == "number") {
              j1 = indices1[item1];
              const err8 = { instancePath: instancePath + "/pass", schemaPath: "#/definitions/VariableNames/uniqueItems", keyword: "uniqueItems", params: { i: i3, j: j1 }, message: "must NOT have duplicate items (items ## " + j1 + " and " + i3 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
              break;
            }
            indices1[item1] = i3;
          }
        }
      } else {
        const err9 = { instancePath: instancePath + "/pass", schemaPath: "#/definitions/VariableNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
  } else {
    const err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err10];
    } else {
      vErrors.push(err10);
    }
    errors++;
  }
  validate20.errors = vErrors;
  return errors === 0;
}
function validate41(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "code" || key0 === "packages" || key0 === "params" || key0 === "numbers" || key0 === "env" || key0 === "resources")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.code !== void 0) {
      let data0 = data.code;
      if (Array.isArray(data0)) {
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 === "string") {
            if (func2(data1) < 1) {
              const err1 = { instancePath: instancePath + "/code/" + i0, schemaPath: "#/definitions/CodePatterns/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err1];
              } else {
                vErrors.push(err1);
              }
              errors++;
            }
          } else {
            const err2 = { instancePath: instancePath + "/code/" + i0, schemaPath: "#/definitions/CodePatterns/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
        let i1 = data0.length;
        let j0;
        if (i1 > 1) {
          const indices0 = {};
          for (; i1--; ) {
            let item0 = data0[i1];
            if (typeof item0 !== "string") {
              continue;
            }
            if (typeof indices0[item0] == "number") {
              j0 = indices0[item0];
              const err3 = { instancePath: instancePath + "/code", schemaPath: "#/definitions/CodePatterns/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err3];
              } else {
                vErrors.push(err3);
              }
              errors++;
              break;
            }
            indices0[item0] = i1;
          }
        }
      } else {
        const err4 = { instancePath: instancePath + "/code", schemaPath: "#/definitions/CodePatterns/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.packages !== void 0) {
      let data2 = data.packages;
      if (Array.isArray(data2)) {
        const len1 = data2.length;
        for (let i2 = 0; i2 < len1; i2++) {
          let data3 = data2[i2];
          if (typeof data3 === "string") {
            if (!pattern16.test(data3)) {
              const err5 = { instancePath: instancePath + "/packages/" + i2, schemaPath: "#/definitions/PackageNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9._-]*$"' };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
          } else {
            const err6 = { instancePath: instancePath + "/packages/" + i2, schemaPath: "#/definitions/PackageNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        let i3 = data2.length;
        let j1;
        if (i3 > 1) {
          const indices1 = {};
          for (; i3--; ) {
            let item1 = data2[i3];
            if (typeof item1 !== "string") {
              continue;
            }
            if (typeof indices1[item1] == "number") {
              j1 = indices1[item1];
              const err7 = { instancePath: instancePath + "/packages", schemaPath: "#/definitions/PackageNames/uniqueItems", keyword: "uniqueItems", params: { i: i3, j: j1 }, message: "must NOT have duplicate items (items ## " + j1 + " and " + i3 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
              break;
            }
            indices1[item1] = i3;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/packages", schemaPath: "#/definitions/PackageNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.params !== void 0) {
      let data4 = data.params;
      if (Array.isArray(data4)) {
        const len2 = data4.length;
        for (let i4 = 0; i4 < len2; i4++) {
          let data5 = data4[i4];
          if (typeof data5 === "string") {
            if (!pattern17.test(data5)) {
              const err9 = { instancePath: instancePath + "/params/" + i4, schemaPath: "#/definitions/ParameterPaths/items/pattern", keyword: "pattern", params: { pattern: "^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$" }, message: 'must match pattern "^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$"' };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            }
          } else {
            const err10 = { instancePath: instancePath + "/params/" + i4, schemaPath: "#/definitions/ParameterPaths/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        let i5 = data4.length;
        let j2;
        if (i5 > 1) {
          const indices2 = {};
          for (; i5--; ) {
            let item2 = data4[i5];
            if (typeof item2 !== "string") {
              continue;
            }
            if (typeof indices2[item2] == "number") {
              j2 = indices2[item2];
              const err11 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/ParameterPaths/uniqueItems", keyword: "uniqueItems", params: { i: i5, j: j2 }, message: "must NOT have duplicate items (items ## " + j2 + " and " + i5 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
              break;
            }
            indices2[item2] = i5;
          }
        }
      } else {
        const err12 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/ParameterPaths/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      let data6 = data.numbers;
      if (typeof data6 === "string") {
        if (func2(data6) < 1) {
          const err13 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      } else {
        const err14 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.env !== void 0) {
      let data7 = data.env;
      const _errs20 = errors;
      let valid13 = false;
      const _errs21 = errors;
      if (Array.isArray(data7)) {
        const len3 = data7.length;
        for (let i6 = 0; i6 < len3; i6++) {
          let data8 = data7[i6];
          if (typeof data8 === "string") {
            if (!pattern18.test(data8)) {
              const err15 = { instancePath: instancePath + "/env/" + i6, schemaPath: "#/definitions/VariableNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"' };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/env/" + i6, schemaPath: "#/definitions/VariableNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        let i7 = data7.length;
        let j3;
        if (i7 > 1) {
          const indices3 = {};
          for (; i7--; ) {
            let item3 = data7[i7];
            if (typeof item3 !== "string") {
              continue;
            }
            if (typeof indices3[item3] == "number") {
              j3 = indices3[item3];
              const err17 = { instancePath: instancePath + "/env", schemaPath: "#/definitions/VariableNames/uniqueItems", keyword: "uniqueItems", params: { i: i7, j: j3 }, message: "must NOT have duplicate items (items ## " + j3 + " and " + i7 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err17];
              } else {
                vErrors.push(err17);
              }
              errors++;
              break;
            }
            indices3[item3] = i7;
          }
        }
      } else {
        const err18 = { instancePath: instancePath + "/env", schemaPath: "#/definitions/VariableNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
      var _valid0 = _errs21 === errors;
      valid13 = valid13 || _valid0;
      if (!valid13) {
        const _errs26 = errors;
        if (!validate20(data7, { instancePath: instancePath + "/env", parentData: data, parentDataProperty: "env", rootData })) {
          vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
          errors = vErrors.length;
        }
        var _valid0 = _errs26 === errors;
        valid13 = valid13 || _valid0;
      }
      if (!valid13) {
        const err19 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      } else {
        errors = _errs20;
        if (vErrors !== null) {
          if (_errs20) {
            vErrors.length = _errs20;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.resources !== void 0) {
      let data9 = data.resources;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key1 in data9) {
          if (!(key1 === "cpus" || key1 === "memory" || key1 === "gpus" || key1 === "retries" || key1 === "time")) {
            const err20 = { instancePath: instancePath + "/resources", schemaPath: "#/definitions/Resources/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
        if (data9.cpus !== void 0) {
          let data10 = data9.cpus;
          if (!(typeof data10 == "number" && (!(data10 % 1) && !isNaN(data10)) && isFinite(data10))) {
            const err21 = { instancePath: instancePath + "/resources/cpus", schemaPath: "#/definitions/Resources/properties/cpus/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
          if (typeof data10 == "number" && isFinite(data10)) {
            if (data10 < 1 || isNaN(data10)) {
              const err22 = { instancePath: instancePath + "/resources/cpus", schemaPath: "#/definitions/Resources/properties/cpus/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          }
        }
        if (data9.memory !== void 0) {
          let data11 = data9.memory;
          if (typeof data11 === "string") {
            if (!pattern21.test(data11)) {
              const err23 = { instancePath: instancePath + "/resources/memory", schemaPath: "#/definitions/Resources/properties/memory/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$"' };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          } else {
            const err24 = { instancePath: instancePath + "/resources/memory", schemaPath: "#/definitions/Resources/properties/memory/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
        if (data9.gpus !== void 0) {
          let data12 = data9.gpus;
          if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
            const err25 = { instancePath: instancePath + "/resources/gpus", schemaPath: "#/definitions/Resources/properties/gpus/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
          if (typeof data12 == "number" && isFinite(data12)) {
            if (data12 < 0 || isNaN(data12)) {
              const err26 = { instancePath: instancePath + "/resources/gpus", schemaPath: "#/definitions/Resources/properties/gpus/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
          }
        }
        if (data9.retries !== void 0) {
          let data13 = data9.retries;
          if (!(typeof data13 == "number" && (!(data13 % 1) && !isNaN(data13)) && isFinite(data13))) {
            const err27 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
          if (typeof data13 == "number" && isFinite(data13)) {
            if (data13 > 100 || isNaN(data13)) {
              const err28 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 100 }, message: "must be <= 100" };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
            if (data13 < 0 || isNaN(data13)) {
              const err29 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
          }
        }
        if (data9.time !== void 0) {
          let data14 = data9.time;
          if (typeof data14 === "string") {
            if (!pattern4.test(data14)) {
              const err30 = { instancePath: instancePath + "/resources/time", schemaPath: "#/definitions/Resources/properties/time/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(s|m|h)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(s|m|h)$"' };
              if (vErrors === null) {
                vErrors = [err30];
              } else {
                vErrors.push(err30);
              }
              errors++;
            }
          } else {
            const err31 = { instancePath: instancePath + "/resources/time", schemaPath: "#/definitions/Resources/properties/time/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
        }
      } else {
        const err32 = { instancePath: instancePath + "/resources", schemaPath: "#/definitions/Resources/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err32];
        } else {
          vErrors.push(err32);
        }
        errors++;
      }
    }
  } else {
    const err33 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err33];
    } else {
      vErrors.push(err33);
    }
    errors++;
  }
  validate41.errors = vErrors;
  return errors === 0;
}
var schema37 = { "type": "object", "minProperties": 1, "markdownDescription": "Axes by name; the stage runs once for each combination. `replicate: n` is n repetitions with their own seeds.", "propertyNames": { "$ref": "#/definitions/Name" }, "properties": { "replicate": { "type": "integer", "minimum": 1, "maximum": 1e5, "markdownDescription": "Repetitions 0 to n - 1, each with its own seed; gates test over them." }, "exclude": { "type": "array", "minItems": 1, "items": { "type": "object", "minProperties": 1, "additionalProperties": { "type": ["string", "number", "boolean"] } }, "markdownDescription": "Cells that are left out, by values of axes, the stage's own and inherited: `[{ model: forest, set: small }]`." } }, "additionalProperties": { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "anyOf": [{ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._+-]*$" }, { "type": "number" }, { "type": "boolean" }] } } };
var pattern24 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._+-]*$", "u");
var func0 = require_equal().default;
function validate25(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length < 1) {
      const err0 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern0.test(key0)) {
          const err1 = { instancePath, schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath, schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err3 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 }, message: "property name must be valid" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    for (const key1 in data) {
      if (!(key1 === "replicate" || key1 === "exclude")) {
        let data0 = data[key1];
        if (Array.isArray(data0)) {
          if (data0.length < 1) {
            const err4 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
          const len0 = data0.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data1 = data0[i0];
            const _errs8 = errors;
            let valid5 = false;
            const _errs9 = errors;
            if (typeof data1 === "string") {
              if (!pattern24.test(data1)) {
                const err5 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/additionalProperties/items/anyOf/0/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._+-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9._+-]*$"' };
                if (vErrors === null) {
                  vErrors = [err5];
                } else {
                  vErrors.push(err5);
                }
                errors++;
              }
            } else {
              const err6 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/additionalProperties/items/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
              if (vErrors === null) {
                vErrors = [err6];
              } else {
                vErrors.push(err6);
              }
              errors++;
            }
            var _valid0 = _errs9 === errors;
            valid5 = valid5 || _valid0;
            if (!valid5) {
              const _errs11 = errors;
              if (!(typeof data1 == "number" && isFinite(data1))) {
                const err7 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/additionalProperties/items/anyOf/1/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err7];
                } else {
                  vErrors.push(err7);
                }
                errors++;
              }
              var _valid0 = _errs11 === errors;
              valid5 = valid5 || _valid0;
              if (!valid5) {
                const _errs13 = errors;
                if (typeof data1 !== "boolean") {
                  const err8 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/additionalProperties/items/anyOf/2/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
                  if (vErrors === null) {
                    vErrors = [err8];
                  } else {
                    vErrors.push(err8);
                  }
                  errors++;
                }
                var _valid0 = _errs13 === errors;
                valid5 = valid5 || _valid0;
              }
            }
            if (!valid5) {
              const err9 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/additionalProperties/items/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            } else {
              errors = _errs8;
              if (vErrors !== null) {
                if (_errs8) {
                  vErrors.length = _errs8;
                } else {
                  vErrors = null;
                }
              }
            }
          }
          let i1 = data0.length;
          let j0;
          if (i1 > 1) {
            outer0: for (; i1--; ) {
              for (j0 = i1; j0--; ) {
                if (func0(data0[i1], data0[j0])) {
                  const err10 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" };
                  if (vErrors === null) {
                    vErrors = [err10];
                  } else {
                    vErrors.push(err10);
                  }
                  errors++;
                  break outer0;
                }
              }
            }
          }
        } else {
          const err11 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/type", keyword: "type", params: { type: "array" }, message: "must be array" };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      }
    }
    if (data.replicate !== void 0) {
      let data2 = data.replicate;
      if (!(typeof data2 == "number" && (!(data2 % 1) && !isNaN(data2)) && isFinite(data2))) {
        const err12 = { instancePath: instancePath + "/replicate", schemaPath: "#/properties/replicate/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
      if (typeof data2 == "number" && isFinite(data2)) {
        if (data2 > 1e5 || isNaN(data2)) {
          const err13 = { instancePath: instancePath + "/replicate", schemaPath: "#/properties/replicate/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e5 }, message: "must be <= 100000" };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        if (data2 < 1 || isNaN(data2)) {
          const err14 = { instancePath: instancePath + "/replicate", schemaPath: "#/properties/replicate/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
          if (vErrors === null) {
            vErrors = [err14];
          } else {
            vErrors.push(err14);
          }
          errors++;
        }
      }
    }
    if (data.exclude !== void 0) {
      let data3 = data.exclude;
      if (Array.isArray(data3)) {
        if (data3.length < 1) {
          const err15 = { instancePath: instancePath + "/exclude", schemaPath: "#/properties/exclude/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
          if (vErrors === null) {
            vErrors = [err15];
          } else {
            vErrors.push(err15);
          }
          errors++;
        }
        const len1 = data3.length;
        for (let i2 = 0; i2 < len1; i2++) {
          let data4 = data3[i2];
          if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
            if (Object.keys(data4).length < 1) {
              const err16 = { instancePath: instancePath + "/exclude/" + i2, schemaPath: "#/properties/exclude/items/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
              if (vErrors === null) {
                vErrors = [err16];
              } else {
                vErrors.push(err16);
              }
              errors++;
            }
            for (const key2 in data4) {
              let data5 = data4[key2];
              if (typeof data5 !== "string" && !(typeof data5 == "number" && isFinite(data5)) && typeof data5 !== "boolean") {
                const err17 = { instancePath: instancePath + "/exclude/" + i2 + "/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/exclude/items/additionalProperties/type", keyword: "type", params: { type: schema37.properties.exclude.items.additionalProperties.type }, message: "must be string,number,boolean" };
                if (vErrors === null) {
                  vErrors = [err17];
                } else {
                  vErrors.push(err17);
                }
                errors++;
              }
            }
          } else {
            const err18 = { instancePath: instancePath + "/exclude/" + i2, schemaPath: "#/properties/exclude/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
      } else {
        const err19 = { instancePath: instancePath + "/exclude", schemaPath: "#/properties/exclude/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
  } else {
    const err20 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err20];
    } else {
      vErrors.push(err20);
    }
    errors++;
  }
  validate25.errors = vErrors;
  return errors === 0;
}
function validate24(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "params" || key0 === "matrix" || key0 === "stages")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.params !== void 0) {
      let data0 = data.params;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
      } else {
        const err1 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/Params/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.matrix !== void 0) {
      let data1 = data.matrix;
      if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
        for (const key1 in data1) {
          if (!validate25(data1[key1], { instancePath: instancePath + "/matrix/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data1, parentDataProperty: key1, rootData })) {
            vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err2 = { instancePath: instancePath + "/matrix", schemaPath: "#/properties/matrix/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.stages !== void 0) {
      let data3 = data.stages;
      if (Array.isArray(data3)) {
        if (data3.length < 1) {
          const err3 = { instancePath: instancePath + "/stages", schemaPath: "#/properties/stages/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        const len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data4 = data3[i0];
          if (typeof data4 === "string") {
            if (!pattern0.test(data4)) {
              const err4 = { instancePath: instancePath + "/stages/" + i0, schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"' };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
          } else {
            const err5 = { instancePath: instancePath + "/stages/" + i0, schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
        let i1 = data3.length;
        let j0;
        if (i1 > 1) {
          outer0: for (; i1--; ) {
            for (j0 = i1; j0--; ) {
              if (func0(data3[i1], data3[j0])) {
                const err6 = { instancePath: instancePath + "/stages", schemaPath: "#/properties/stages/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" };
                if (vErrors === null) {
                  vErrors = [err6];
                } else {
                  vErrors.push(err6);
                }
                errors++;
                break outer0;
              }
            }
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/stages", schemaPath: "#/properties/stages/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate24.errors = vErrors;
  return errors === 0;
}
function validate44(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!validate24(data[key0], { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key0, rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  validate44.errors = vErrors;
  return errors === 0;
}
var schema42 = { "type": "object", "required": ["run"], "additionalProperties": false, "properties": { "run": { "markdownDescription": "A TypeScript or JavaScript module (its import closure is the stage's code), or a command as a list of words. In words `${train.rate}` inserts a parameter, `${model}` an axis, `${inputs.table}`, `${outputs.model}`, `${numbers}`, `${seed}` and `${threads}` what the stage is assigned; `$${` stands for `${`.", "anyOf": [{ "type": "string", "minLength": 1 }, { "type": "array", "minItems": 1, "items": { "type": "string" } }] }, "was": { "$ref": "#/definitions/Name", "markdownDescription": "What the stage was called when it was first run. Its results and its seed stay those of that name." }, "code": { "$ref": "#/definitions/CodePatterns" }, "packages": { "$ref": "#/definitions/PackageNames" }, "params": { "$ref": "#/definitions/ParameterPaths" }, "inputs": { "type": "object", "markdownDescription": "Inputs by name: another stage's output, or data from outside.", "propertyNames": { "$ref": "#/definitions/Name" }, "additionalProperties": { "$ref": "#/definitions/InputDeclaration" } }, "outputs": { "type": "object", "markdownDescription": "Outputs by name: paths relative to the stage's working directory. A path that ends in `/` is a directory.", "propertyNames": { "$ref": "#/definitions/Name" }, "additionalProperties": { "type": "string", "minLength": 1 } }, "numbers": { "type": "string", "minLength": 1, "markdownDescription": "The JSON file of reported numbers, relative to the working directory." }, "env": { "markdownDescription": "Environment variables the stage may see. Those of a list are part of the fingerprint; those of `{ pass: [NAME] }` are passed, and are part of nothing.", "anyOf": [{ "$ref": "#/definitions/VariableNames" }, { "$ref": "#/definitions/Variables" }] }, "matrix": { "$ref": "#/definitions/Matrix" }, "resources": { "$ref": "#/definitions/Resources" } } };
var pattern31 = new RegExp("^(https?://|\\$\\{)", "u");
var pattern32 = new RegExp("^([0-9a-f]{64}|\\$\\{([^{}]|\\{[^{}]*\\})*\\})$", "u");
function validate31(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (typeof data === "string") {
    if (func2(data) < 1) {
      const err0 = { instancePath, schemaPath: "#/anyOf/0/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.file === void 0) {
        const err2 = { instancePath, schemaPath: "#/definitions/FileInput/required", keyword: "required", params: { missingProperty: "file" }, message: "must have required property 'file'" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      for (const key0 in data) {
        if (!(key0 === "file" || key0 === "external" || key0 === "optional")) {
          const err3 = { instancePath, schemaPath: "#/definitions/FileInput/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      }
      if (data.file !== void 0) {
        let data0 = data.file;
        if (typeof data0 === "string") {
          if (func2(data0) < 1) {
            const err4 = { instancePath: instancePath + "/file", schemaPath: "#/definitions/FileInput/properties/file/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        } else {
          const err5 = { instancePath: instancePath + "/file", schemaPath: "#/definitions/FileInput/properties/file/type", keyword: "type", params: { type: "string" }, message: "must be string" };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      }
      if (data.external !== void 0) {
        if (typeof data.external !== "boolean") {
          const err6 = { instancePath: instancePath + "/external", schemaPath: "#/definitions/FileInput/properties/external/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      }
      if (data.optional !== void 0) {
        if (typeof data.optional !== "boolean") {
          const err7 = { instancePath: instancePath + "/optional", schemaPath: "#/definitions/FileInput/properties/optional/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      }
    } else {
      const err8 = { instancePath, schemaPath: "#/definitions/FileInput/type", keyword: "type", params: { type: "object" }, message: "must be object" };
      if (vErrors === null) {
        vErrors = [err8];
      } else {
        vErrors.push(err8);
      }
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
    if (!valid0) {
      const _errs13 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        if (data.dir === void 0) {
          const err9 = { instancePath, schemaPath: "#/definitions/DirectoryInput/required", keyword: "required", params: { missingProperty: "dir" }, message: "must have required property 'dir'" };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        for (const key1 in data) {
          if (!(key1 === "dir" || key1 === "external" || key1 === "optional")) {
            const err10 = { instancePath, schemaPath: "#/definitions/DirectoryInput/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        if (data.dir !== void 0) {
          let data3 = data.dir;
          if (typeof data3 === "string") {
            if (func2(data3) < 1) {
              const err11 = { instancePath: instancePath + "/dir", schemaPath: "#/definitions/DirectoryInput/properties/dir/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
            }
          } else {
            const err12 = { instancePath: instancePath + "/dir", schemaPath: "#/definitions/DirectoryInput/properties/dir/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data.external !== void 0) {
          if (typeof data.external !== "boolean") {
            const err13 = { instancePath: instancePath + "/external", schemaPath: "#/definitions/DirectoryInput/properties/external/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data.optional !== void 0) {
          if (typeof data.optional !== "boolean") {
            const err14 = { instancePath: instancePath + "/optional", schemaPath: "#/definitions/DirectoryInput/properties/optional/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
      } else {
        const err15 = { instancePath, schemaPath: "#/definitions/DirectoryInput/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
      var _valid0 = _errs13 === errors;
      valid0 = valid0 || _valid0;
      if (!valid0) {
        const _errs23 = errors;
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.url === void 0) {
            const err16 = { instancePath, schemaPath: "#/definitions/UrlInput/required", keyword: "required", params: { missingProperty: "url" }, message: "must have required property 'url'" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
          if (data.sha256 === void 0) {
            const err17 = { instancePath, schemaPath: "#/definitions/UrlInput/required", keyword: "required", params: { missingProperty: "sha256" }, message: "must have required property 'sha256'" };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
          for (const key2 in data) {
            if (!(key2 === "url" || key2 === "sha256" || key2 === "optional")) {
              const err18 = { instancePath, schemaPath: "#/definitions/UrlInput/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties" };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
          }
          if (data.url !== void 0) {
            let data6 = data.url;
            if (typeof data6 === "string") {
              if (!pattern31.test(data6)) {
                const err19 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlInput/properties/url/pattern", keyword: "pattern", params: { pattern: "^(https?://|\\$\\{)" }, message: 'must match pattern "^(https?://|\\$\\{)"' };
                if (vErrors === null) {
                  vErrors = [err19];
                } else {
                  vErrors.push(err19);
                }
                errors++;
              }
            } else {
              const err20 = { instancePath: instancePath + "/url", schemaPath: "#/definitions/UrlInput/properties/url/type", keyword: "type", params: { type: "string" }, message: "must be string" };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
          }
          if (data.sha256 !== void 0) {
            let data7 = data.sha256;
            if (typeof data7 === "string") {
              if (!pattern32.test(data7)) {
                const err21 = { instancePath: instancePath + "/sha256", schemaPath: "#/definitions/UrlInput/properties/sha256/pattern", keyword: "pattern", params: { pattern: "^([0-9a-f]{64}|\\$\\{([^{}]|\\{[^{}]*\\})*\\})$" }, message: 'must match pattern "^([0-9a-f]{64}|\\$\\{([^{}]|\\{[^{}]*\\})*\\})$"' };
                if (vErrors === null) {
                  vErrors = [err21];
                } else {
                  vErrors.push(err21);
                }
                errors++;
              }
            } else {
              const err22 = { instancePath: instancePath + "/sha256", schemaPath: "#/definitions/UrlInput/properties/sha256/type", keyword: "type", params: { type: "string" }, message: "must be string" };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          }
          if (data.optional !== void 0) {
            if (typeof data.optional !== "boolean") {
              const err23 = { instancePath: instancePath + "/optional", schemaPath: "#/definitions/UrlInput/properties/optional/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          }
        } else {
          const err24 = { instancePath, schemaPath: "#/definitions/UrlInput/type", keyword: "type", params: { type: "object" }, message: "must be object" };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
        var _valid0 = _errs23 === errors;
        valid0 = valid0 || _valid0;
        if (!valid0) {
          const _errs33 = errors;
          if (data && typeof data == "object" && !Array.isArray(data)) {
            if (data.cells === void 0) {
              const err25 = { instancePath, schemaPath: "#/definitions/CellsInput/required", keyword: "required", params: { missingProperty: "cells" }, message: "must have required property 'cells'" };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
            for (const key3 in data) {
              if (!(key3 === "cells")) {
                const err26 = { instancePath, schemaPath: "#/definitions/CellsInput/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err26];
                } else {
                  vErrors.push(err26);
                }
                errors++;
              }
            }
            if (data.cells !== void 0) {
              let data9 = data.cells;
              if (typeof data9 === "string") {
                if (func2(data9) < 1) {
                  const err27 = { instancePath: instancePath + "/cells", schemaPath: "#/definitions/CellsInput/properties/cells/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err27];
                  } else {
                    vErrors.push(err27);
                  }
                  errors++;
                }
              } else {
                const err28 = { instancePath: instancePath + "/cells", schemaPath: "#/definitions/CellsInput/properties/cells/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err28];
                } else {
                  vErrors.push(err28);
                }
                errors++;
              }
            }
          } else {
            const err29 = { instancePath, schemaPath: "#/definitions/CellsInput/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err29];
            } else {
              vErrors.push(err29);
            }
            errors++;
          }
          var _valid0 = _errs33 === errors;
          valid0 = valid0 || _valid0;
        }
      }
    }
  }
  if (!valid0) {
    const err30 = { instancePath, schemaPath: "#/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
    if (vErrors === null) {
      vErrors = [err30];
    } else {
      vErrors.push(err30);
    }
    errors++;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate31.errors = vErrors;
  return errors === 0;
}
function validate30(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.run === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "run" }, message: "must have required property 'run'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema42.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.run !== void 0) {
      let data0 = data.run;
      const _errs3 = errors;
      let valid1 = false;
      const _errs4 = errors;
      if (typeof data0 === "string") {
        if (func2(data0) < 1) {
          const err2 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/anyOf/0/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      var _valid0 = _errs4 === errors;
      valid1 = valid1 || _valid0;
      if (!valid1) {
        const _errs6 = errors;
        if (Array.isArray(data0)) {
          if (data0.length < 1) {
            const err4 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/anyOf/1/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
          const len0 = data0.length;
          for (let i0 = 0; i0 < len0; i0++) {
            if (typeof data0[i0] !== "string") {
              const err5 = { instancePath: instancePath + "/run/" + i0, schemaPath: "#/properties/run/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
          }
        } else {
          const err6 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array" };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
        var _valid0 = _errs6 === errors;
        valid1 = valid1 || _valid0;
      }
      if (!valid1) {
        const err7 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      } else {
        errors = _errs3;
        if (vErrors !== null) {
          if (_errs3) {
            vErrors.length = _errs3;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.was !== void 0) {
      let data2 = data.was;
      if (typeof data2 === "string") {
        if (!pattern0.test(data2)) {
          const err8 = { instancePath: instancePath + "/was", schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"' };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
      } else {
        const err9 = { instancePath: instancePath + "/was", schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.code !== void 0) {
      let data3 = data.code;
      if (Array.isArray(data3)) {
        const len1 = data3.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data4 = data3[i1];
          if (typeof data4 === "string") {
            if (func2(data4) < 1) {
              const err10 = { instancePath: instancePath + "/code/" + i1, schemaPath: "#/definitions/CodePatterns/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            }
          } else {
            const err11 = { instancePath: instancePath + "/code/" + i1, schemaPath: "#/definitions/CodePatterns/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
        let i2 = data3.length;
        let j0;
        if (i2 > 1) {
          const indices0 = {};
          for (; i2--; ) {
            let item0 = data3[i2];
            if (typeof item0 !== "string") {
              continue;
            }
            if (typeof indices0[item0] == "number") {
              j0 = indices0[item0];
              const err12 = { instancePath: instancePath + "/code", schemaPath: "#/definitions/CodePatterns/uniqueItems", keyword: "uniqueItems", params: { i: i2, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i2 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
              break;
            }
            indices0[item0] = i2;
          }
        }
      } else {
        const err13 = { instancePath: instancePath + "/code", schemaPath: "#/definitions/CodePatterns/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
    if (data.packages !== void 0) {
      let data5 = data.packages;
      if (Array.isArray(data5)) {
        const len2 = data5.length;
        for (let i3 = 0; i3 < len2; i3++) {
          let data6 = data5[i3];
          if (typeof data6 === "string") {
            if (!pattern16.test(data6)) {
              const err14 = { instancePath: instancePath + "/packages/" + i3, schemaPath: "#/definitions/PackageNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9._-]*$"' };
              if (vErrors === null) {
                vErrors = [err14];
              } else {
                vErrors.push(err14);
              }
              errors++;
            }
          } else {
            const err15 = { instancePath: instancePath + "/packages/" + i3, schemaPath: "#/definitions/PackageNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
        let i4 = data5.length;
        let j1;
        if (i4 > 1) {
          const indices1 = {};
          for (; i4--; ) {
            let item1 = data5[i4];
            if (typeof item1 !== "string") {
              continue;
            }
            if (typeof indices1[item1] == "number") {
              j1 = indices1[item1];
              const err16 = { instancePath: instancePath + "/packages", schemaPath: "#/definitions/PackageNames/uniqueItems", keyword: "uniqueItems", params: { i: i4, j: j1 }, message: "must NOT have duplicate items (items ## " + j1 + " and " + i4 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err16];
              } else {
                vErrors.push(err16);
              }
              errors++;
              break;
            }
            indices1[item1] = i4;
          }
        }
      } else {
        const err17 = { instancePath: instancePath + "/packages", schemaPath: "#/definitions/PackageNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.params !== void 0) {
      let data7 = data.params;
      if (Array.isArray(data7)) {
        const len3 = data7.length;
        for (let i5 = 0; i5 < len3; i5++) {
          let data8 = data7[i5];
          if (typeof data8 === "string") {
            if (!pattern17.test(data8)) {
              const err18 = { instancePath: instancePath + "/params/" + i5, schemaPath: "#/definitions/ParameterPaths/items/pattern", keyword: "pattern", params: { pattern: "^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$" }, message: 'must match pattern "^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$"' };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
          } else {
            const err19 = { instancePath: instancePath + "/params/" + i5, schemaPath: "#/definitions/ParameterPaths/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
        }
        let i6 = data7.length;
        let j2;
        if (i6 > 1) {
          const indices2 = {};
          for (; i6--; ) {
            let item2 = data7[i6];
            if (typeof item2 !== "string") {
              continue;
            }
            if (typeof indices2[item2] == "number") {
              j2 = indices2[item2];
              const err20 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/ParameterPaths/uniqueItems", keyword: "uniqueItems", params: { i: i6, j: j2 }, message: "must NOT have duplicate items (items ## " + j2 + " and " + i6 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
              break;
            }
            indices2[item2] = i6;
          }
        }
      } else {
        const err21 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/ParameterPaths/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
    if (data.inputs !== void 0) {
      let data9 = data.inputs;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key1 in data9) {
          const _errs30 = errors;
          if (typeof key1 === "string") {
            if (!pattern0.test(key1)) {
              const err22 = { instancePath: instancePath + "/inputs", schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key1 };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          } else {
            const err23 = { instancePath: instancePath + "/inputs", schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key1 };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
          var valid17 = _errs30 === errors;
          if (!valid17) {
            const err24 = { instancePath: instancePath + "/inputs", schemaPath: "#/properties/inputs/propertyNames", keyword: "propertyNames", params: { propertyName: key1 }, message: "property name must be valid" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
        for (const key2 in data9) {
          if (!validate31(data9[key2], { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data9, parentDataProperty: key2, rootData })) {
            vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err25 = { instancePath: instancePath + "/inputs", schemaPath: "#/properties/inputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data.outputs !== void 0) {
      let data11 = data.outputs;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (const key3 in data11) {
          const _errs37 = errors;
          if (typeof key3 === "string") {
            if (!pattern0.test(key3)) {
              const err26 = { instancePath: instancePath + "/outputs", schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key3 };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
          } else {
            const err27 = { instancePath: instancePath + "/outputs", schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key3 };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
          var valid20 = _errs37 === errors;
          if (!valid20) {
            const err28 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/propertyNames", keyword: "propertyNames", params: { propertyName: key3 }, message: "property name must be valid" };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
        }
        for (const key4 in data11) {
          let data12 = data11[key4];
          if (typeof data12 === "string") {
            if (func2(data12) < 1) {
              const err29 = { instancePath: instancePath + "/outputs/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/outputs/additionalProperties/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
          } else {
            const err30 = { instancePath: instancePath + "/outputs/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/outputs/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err30];
            } else {
              vErrors.push(err30);
            }
            errors++;
          }
        }
      } else {
        const err31 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err31];
        } else {
          vErrors.push(err31);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      let data13 = data.numbers;
      if (typeof data13 === "string") {
        if (func2(data13) < 1) {
          const err32 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err32];
          } else {
            vErrors.push(err32);
          }
          errors++;
        }
      } else {
        const err33 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err33];
        } else {
          vErrors.push(err33);
        }
        errors++;
      }
    }
    if (data.env !== void 0) {
      let data14 = data.env;
      const _errs46 = errors;
      let valid23 = false;
      const _errs47 = errors;
      if (Array.isArray(data14)) {
        const len4 = data14.length;
        for (let i7 = 0; i7 < len4; i7++) {
          let data15 = data14[i7];
          if (typeof data15 === "string") {
            if (!pattern18.test(data15)) {
              const err34 = { instancePath: instancePath + "/env/" + i7, schemaPath: "#/definitions/VariableNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"' };
              if (vErrors === null) {
                vErrors = [err34];
              } else {
                vErrors.push(err34);
              }
              errors++;
            }
          } else {
            const err35 = { instancePath: instancePath + "/env/" + i7, schemaPath: "#/definitions/VariableNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err35];
            } else {
              vErrors.push(err35);
            }
            errors++;
          }
        }
        let i8 = data14.length;
        let j3;
        if (i8 > 1) {
          const indices3 = {};
          for (; i8--; ) {
            let item3 = data14[i8];
            if (typeof item3 !== "string") {
              continue;
            }
            if (typeof indices3[item3] == "number") {
              j3 = indices3[item3];
              const err36 = { instancePath: instancePath + "/env", schemaPath: "#/definitions/VariableNames/uniqueItems", keyword: "uniqueItems", params: { i: i8, j: j3 }, message: "must NOT have duplicate items (items ## " + j3 + " and " + i8 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err36];
              } else {
                vErrors.push(err36);
              }
              errors++;
              break;
            }
            indices3[item3] = i8;
          }
        }
      } else {
        const err37 = { instancePath: instancePath + "/env", schemaPath: "#/definitions/VariableNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err37];
        } else {
          vErrors.push(err37);
        }
        errors++;
      }
      var _valid1 = _errs47 === errors;
      valid23 = valid23 || _valid1;
      if (!valid23) {
        const _errs52 = errors;
        if (!validate20(data14, { instancePath: instancePath + "/env", parentData: data, parentDataProperty: "env", rootData })) {
          vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
          errors = vErrors.length;
        }
        var _valid1 = _errs52 === errors;
        valid23 = valid23 || _valid1;
      }
      if (!valid23) {
        const err38 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
        if (vErrors === null) {
          vErrors = [err38];
        } else {
          vErrors.push(err38);
        }
        errors++;
      } else {
        errors = _errs46;
        if (vErrors !== null) {
          if (_errs46) {
            vErrors.length = _errs46;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.matrix !== void 0) {
      if (!validate25(data.matrix, { instancePath: instancePath + "/matrix", parentData: data, parentDataProperty: "matrix", rootData })) {
        vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
        errors = vErrors.length;
      }
    }
    if (data.resources !== void 0) {
      let data17 = data.resources;
      if (data17 && typeof data17 == "object" && !Array.isArray(data17)) {
        for (const key5 in data17) {
          if (!(key5 === "cpus" || key5 === "memory" || key5 === "gpus" || key5 === "retries" || key5 === "time")) {
            const err39 = { instancePath: instancePath + "/resources", schemaPath: "#/definitions/Resources/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err39];
            } else {
              vErrors.push(err39);
            }
            errors++;
          }
        }
        if (data17.cpus !== void 0) {
          let data18 = data17.cpus;
          if (!(typeof data18 == "number" && (!(data18 % 1) && !isNaN(data18)) && isFinite(data18))) {
            const err40 = { instancePath: instancePath + "/resources/cpus", schemaPath: "#/definitions/Resources/properties/cpus/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err40];
            } else {
              vErrors.push(err40);
            }
            errors++;
          }
          if (typeof data18 == "number" && isFinite(data18)) {
            if (data18 < 1 || isNaN(data18)) {
              const err41 = { instancePath: instancePath + "/resources/cpus", schemaPath: "#/definitions/Resources/properties/cpus/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
              if (vErrors === null) {
                vErrors = [err41];
              } else {
                vErrors.push(err41);
              }
              errors++;
            }
          }
        }
        if (data17.memory !== void 0) {
          let data19 = data17.memory;
          if (typeof data19 === "string") {
            if (!pattern21.test(data19)) {
              const err42 = { instancePath: instancePath + "/resources/memory", schemaPath: "#/definitions/Resources/properties/memory/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$"' };
              if (vErrors === null) {
                vErrors = [err42];
              } else {
                vErrors.push(err42);
              }
              errors++;
            }
          } else {
            const err43 = { instancePath: instancePath + "/resources/memory", schemaPath: "#/definitions/Resources/properties/memory/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err43];
            } else {
              vErrors.push(err43);
            }
            errors++;
          }
        }
        if (data17.gpus !== void 0) {
          let data20 = data17.gpus;
          if (!(typeof data20 == "number" && (!(data20 % 1) && !isNaN(data20)) && isFinite(data20))) {
            const err44 = { instancePath: instancePath + "/resources/gpus", schemaPath: "#/definitions/Resources/properties/gpus/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err44];
            } else {
              vErrors.push(err44);
            }
            errors++;
          }
          if (typeof data20 == "number" && isFinite(data20)) {
            if (data20 < 0 || isNaN(data20)) {
              const err45 = { instancePath: instancePath + "/resources/gpus", schemaPath: "#/definitions/Resources/properties/gpus/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err45];
              } else {
                vErrors.push(err45);
              }
              errors++;
            }
          }
        }
        if (data17.retries !== void 0) {
          let data21 = data17.retries;
          if (!(typeof data21 == "number" && (!(data21 % 1) && !isNaN(data21)) && isFinite(data21))) {
            const err46 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err46];
            } else {
              vErrors.push(err46);
            }
            errors++;
          }
          if (typeof data21 == "number" && isFinite(data21)) {
            if (data21 > 100 || isNaN(data21)) {
              const err47 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 100 }, message: "must be <= 100" };
              if (vErrors === null) {
                vErrors = [err47];
              } else {
                vErrors.push(err47);
              }
              errors++;
            }
            if (data21 < 0 || isNaN(data21)) {
              const err48 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err48];
              } else {
                vErrors.push(err48);
              }
              errors++;
            }
          }
        }
        if (data17.time !== void 0) {
          let data22 = data17.time;
          if (typeof data22 === "string") {
            if (!pattern4.test(data22)) {
              const err49 = { instancePath: instancePath + "/resources/time", schemaPath: "#/definitions/Resources/properties/time/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(s|m|h)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(s|m|h)$"' };
              if (vErrors === null) {
                vErrors = [err49];
              } else {
                vErrors.push(err49);
              }
              errors++;
            }
          } else {
            const err50 = { instancePath: instancePath + "/resources/time", schemaPath: "#/definitions/Resources/properties/time/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
        }
      } else {
        const err51 = { instancePath: instancePath + "/resources", schemaPath: "#/definitions/Resources/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err51];
        } else {
          vErrors.push(err51);
        }
        errors++;
      }
    }
  } else {
    const err52 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err52];
    } else {
      vErrors.push(err52);
    }
    errors++;
  }
  validate30.errors = vErrors;
  return errors === 0;
}
function validate47(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length < 1) {
      const err0 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern0.test(key0)) {
          const err1 = { instancePath, schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath, schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err3 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 }, message: "property name must be valid" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    for (const key1 in data) {
      if (!validate30(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData })) {
        vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err4];
    } else {
      vErrors.push(err4);
    }
    errors++;
  }
  validate47.errors = vErrors;
  return errors === 0;
}
var schema58 = { "type": "object", "required": ["number"], "additionalProperties": false, "properties": { "number": { "type": "string", "minLength": 1, "markdownDescription": "Address of a number, `stage[axis=value].name`. Axes left out: the gate holds for every cell." }, "min": { "type": "number", "markdownDescription": "Bound: smallest value that passes." }, "max": { "type": "number", "markdownDescription": "Bound: largest value that passes." }, "reference": { "type": "string", "minLength": 1, "markdownDescription": "Band: a manifest in the project whose number at the same address is the middle; `${profile}` is the profile's name, or `default`. For example `artifacts/reference/${profile}.json`." }, "tolerance": { "$ref": "#/definitions/Tolerance" }, "against": { "type": ["number", "string"], "markdownDescription": "Test over replicates: a constant, or the address of another number. The gate passes when the number is shown to be worse by less than `margin`." }, "margin": { "type": "number", "minimum": 0, "markdownDescription": "Test: how much worse would still do, in the number's unit. 0 asks that it be better." }, "level": { "type": "number", "minimum": 1e-4, "maximum": 0.5, "markdownDescription": "Test: largest probability of passing by chance, over all tests of the run together (Holm). Default 0.05." }, "better": { "enum": ["lower", "higher"], "markdownDescription": "Test: which direction is an improvement. Default: what the number itself says." } } };
function validate38(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.number === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "number" }, message: "must have required property 'number'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema58.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.number !== void 0) {
      let data0 = data.number;
      if (typeof data0 === "string") {
        if (func2(data0) < 1) {
          const err2 = { instancePath: instancePath + "/number", schemaPath: "#/properties/number/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/number", schemaPath: "#/properties/number/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.min !== void 0) {
      let data1 = data.min;
      if (!(typeof data1 == "number" && isFinite(data1))) {
        const err4 = { instancePath: instancePath + "/min", schemaPath: "#/properties/min/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.max !== void 0) {
      let data2 = data.max;
      if (!(typeof data2 == "number" && isFinite(data2))) {
        const err5 = { instancePath: instancePath + "/max", schemaPath: "#/properties/max/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.reference !== void 0) {
      let data3 = data.reference;
      if (typeof data3 === "string") {
        if (func2(data3) < 1) {
          const err6 = { instancePath: instancePath + "/reference", schemaPath: "#/properties/reference/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/reference", schemaPath: "#/properties/reference/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.tolerance !== void 0) {
      let data4 = data.tolerance;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        if (Object.keys(data4).length > 1) {
          const err8 = { instancePath: instancePath + "/tolerance", schemaPath: "#/definitions/Tolerance/maxProperties", keyword: "maxProperties", params: { limit: 1 }, message: "must NOT have more than 1 properties" };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        if (Object.keys(data4).length < 1) {
          const err9 = { instancePath: instancePath + "/tolerance", schemaPath: "#/definitions/Tolerance/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        for (const key1 in data4) {
          if (!(key1 === "absolute" || key1 === "relative" || key1 === "standardErrors")) {
            const err10 = { instancePath: instancePath + "/tolerance", schemaPath: "#/definitions/Tolerance/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        if (data4.absolute !== void 0) {
          let data5 = data4.absolute;
          if (typeof data5 == "number" && isFinite(data5)) {
            if (data5 < 0 || isNaN(data5)) {
              const err11 = { instancePath: instancePath + "/tolerance/absolute", schemaPath: "#/definitions/Tolerance/properties/absolute/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
            }
          } else {
            const err12 = { instancePath: instancePath + "/tolerance/absolute", schemaPath: "#/definitions/Tolerance/properties/absolute/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data4.relative !== void 0) {
          let data6 = data4.relative;
          if (typeof data6 == "number" && isFinite(data6)) {
            if (data6 < 0 || isNaN(data6)) {
              const err13 = { instancePath: instancePath + "/tolerance/relative", schemaPath: "#/definitions/Tolerance/properties/relative/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err13];
              } else {
                vErrors.push(err13);
              }
              errors++;
            }
          } else {
            const err14 = { instancePath: instancePath + "/tolerance/relative", schemaPath: "#/definitions/Tolerance/properties/relative/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
        if (data4.standardErrors !== void 0) {
          let data7 = data4.standardErrors;
          if (typeof data7 == "number" && isFinite(data7)) {
            if (data7 < 0 || isNaN(data7)) {
              const err15 = { instancePath: instancePath + "/tolerance/standardErrors", schemaPath: "#/definitions/Tolerance/properties/standardErrors/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/tolerance/standardErrors", schemaPath: "#/definitions/Tolerance/properties/standardErrors/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
      } else {
        const err17 = { instancePath: instancePath + "/tolerance", schemaPath: "#/definitions/Tolerance/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.against !== void 0) {
      let data8 = data.against;
      if (!(typeof data8 == "number" && isFinite(data8)) && typeof data8 !== "string") {
        const err18 = { instancePath: instancePath + "/against", schemaPath: "#/properties/against/type", keyword: "type", params: { type: schema58.properties.against.type }, message: "must be number,string" };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
    }
    if (data.margin !== void 0) {
      let data9 = data.margin;
      if (typeof data9 == "number" && isFinite(data9)) {
        if (data9 < 0 || isNaN(data9)) {
          const err19 = { instancePath: instancePath + "/margin", schemaPath: "#/properties/margin/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
          if (vErrors === null) {
            vErrors = [err19];
          } else {
            vErrors.push(err19);
          }
          errors++;
        }
      } else {
        const err20 = { instancePath: instancePath + "/margin", schemaPath: "#/properties/margin/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
    }
    if (data.level !== void 0) {
      let data10 = data.level;
      if (typeof data10 == "number" && isFinite(data10)) {
        if (data10 > 0.5 || isNaN(data10)) {
          const err21 = { instancePath: instancePath + "/level", schemaPath: "#/properties/level/maximum", keyword: "maximum", params: { comparison: "<=", limit: 0.5 }, message: "must be <= 0.5" };
          if (vErrors === null) {
            vErrors = [err21];
          } else {
            vErrors.push(err21);
          }
          errors++;
        }
        if (data10 < 1e-4 || isNaN(data10)) {
          const err22 = { instancePath: instancePath + "/level", schemaPath: "#/properties/level/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e-4 }, message: "must be >= 0.0001" };
          if (vErrors === null) {
            vErrors = [err22];
          } else {
            vErrors.push(err22);
          }
          errors++;
        }
      } else {
        const err23 = { instancePath: instancePath + "/level", schemaPath: "#/properties/level/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data.better !== void 0) {
      let data11 = data.better;
      if (!(data11 === "lower" || data11 === "higher")) {
        const err24 = { instancePath: instancePath + "/better", schemaPath: "#/properties/better/enum", keyword: "enum", params: { allowedValues: schema58.properties.better.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err24];
        } else {
          vErrors.push(err24);
        }
        errors++;
      }
    }
  } else {
    const err25 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err25];
    } else {
      vErrors.push(err25);
    }
    errors++;
  }
  validate38.errors = vErrors;
  return errors === 0;
}
function validate50(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern0.test(key0)) {
          const err0 = { instancePath, schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key0 };
          if (vErrors === null) {
            vErrors = [err0];
          } else {
            vErrors.push(err0);
          }
          errors++;
        }
      } else {
        const err1 = { instancePath, schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key0 };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err2 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 }, message: "property name must be valid" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    for (const key1 in data) {
      if (!validate38(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err3];
    } else {
      vErrors.push(err3);
    }
    errors++;
  }
  validate50.errors = vErrors;
  return errors === 0;
}
function validate17(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "defaults" || key0 === "params" || key0 === "profiles" || key0 === "stages" || key0 === "gates")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.defaults !== void 0) {
      if (!validate41(data.defaults, { instancePath: instancePath + "/defaults", parentData: data, parentDataProperty: "defaults", rootData })) {
        vErrors = vErrors === null ? validate41.errors : vErrors.concat(validate41.errors);
        errors = vErrors.length;
      }
    }
    if (data.params !== void 0) {
      let data1 = data.params;
      if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
      } else {
        const err1 = { instancePath: instancePath + "/params", schemaPath: "pipeline.schema.json#/definitions/Params/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.profiles !== void 0) {
      if (!validate44(data.profiles, { instancePath: instancePath + "/profiles", parentData: data, parentDataProperty: "profiles", rootData })) {
        vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors);
        errors = vErrors.length;
      }
    }
    if (data.stages !== void 0) {
      if (!validate47(data.stages, { instancePath: instancePath + "/stages", parentData: data, parentDataProperty: "stages", rootData })) {
        vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
        errors = vErrors.length;
      }
    }
    if (data.gates !== void 0) {
      if (!validate50(data.gates, { instancePath: instancePath + "/gates", parentData: data, parentDataProperty: "gates", rootData })) {
        vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err2 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err2];
    } else {
      vErrors.push(err2);
    }
    errors++;
  }
  validate17.errors = vErrors;
  return errors === 0;
}
var validate_manifest = validate53;
var schema72 = { "$schema": "http://json-schema.org/draft-07/schema#", "title": "Manifest", "markdownDescription": "One run: every number it reports, and everything that number depends on.", "type": "object", "required": ["format", "run", "pipeline", "git", "environment", "stages", "numbers", "gates", "gaps"], "additionalProperties": false, "properties": { "format": { "enum": ["repro.manifest/1", "repro.manifest/2"] }, "run": { "type": "object", "required": ["id", "startedAt", "finishedAt", "outcome"], "additionalProperties": false, "properties": { "id": { "type": "string" }, "startedAt": { "type": "string" }, "finishedAt": { "type": "string" }, "outcome": { "enum": ["complete", "failed", "interrupted"] }, "selected": { "type": "array", "items": { "type": "string" }, "markdownDescription": "The stages and cells that were asked for, where others were left out." }, "purpose": { "enum": ["audit", "sweep"], "markdownDescription": "What the run was made for, other than its results." } } }, "pipeline": { "type": "object", "required": ["name", "file", "digest", "profile", "overrides", "seed", "params"], "additionalProperties": false, "properties": { "name": { "type": "string" }, "file": { "type": "string", "pattern": "^[^\\u0000]*$" }, "digest": { "$ref": "record.schema.json#/definitions/Digest" }, "included": { "type": "array", "items": { "type": "object", "required": ["file", "digest"], "additionalProperties": false, "properties": { "file": { "type": "string", "pattern": "^[^\\u0000]*$" }, "digest": { "$ref": "record.schema.json#/definitions/Digest" } } }, "markdownDescription": "The files that it includes, by their paths relative to it; absent where there are none." }, "profile": { "type": ["string", "null"] }, "overrides": { "type": "object", "additionalProperties": {}, "markdownDescription": "What `--set` changed." }, "seed": { "type": "integer" }, "params": { "type": "object", "additionalProperties": {} } } }, "git": { "anyOf": [{ "type": "null" }, { "type": "object", "required": ["commit", "dirty"], "additionalProperties": false, "properties": { "commit": { "type": "string" }, "dirty": { "anyOf": [{ "type": "null" }, { "$ref": "record.schema.json#/definitions/Digest" }], "markdownDescription": "Digest of the uncommitted difference, or null." } } }] }, "environment": { "$ref": "record.schema.json#/definitions/Environment" }, "stages": { "type": "array", "items": { "$ref": "#/definitions/ManifestStage" } }, "numbers": { "type": "array", "items": { "$ref": "#/definitions/ManifestNumber" } }, "gates": { "type": "array", "items": { "$ref": "#/definitions/ManifestGate" } }, "gaps": { "type": "array", "items": { "$ref": "#/definitions/Gap" }, "markdownDescription": "What is not known about these numbers." } }, "definitions": { "ManifestStage": { "type": "object", "required": ["id", "stage", "cell", "status", "dependsOn"], "additionalProperties": false, "properties": { "id": { "type": "string" }, "stage": { "type": "string" }, "was": { "type": "string", "markdownDescription": "The name under which its results are known, where that is another: in its record, and in its seed." }, "cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } }, "status": { "enum": ["computed", "restored", "failed", "blocked", "cancelled"] }, "dependsOn": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Ids of the stages whose outputs it reads." }, "sources": { "type": "object", "additionalProperties": { "$ref": "#/definitions/Source" }, "markdownDescription": "Where each input came from, by name." }, "record": { "$ref": "record.schema.json#" }, "published": { "type": "string", "pattern": "^[^\\u0000]*$", "markdownDescription": "Directory of its outputs, relative to the project." }, "audit": { "$ref": "#/definitions/Audit" }, "error": { "type": "object", "required": ["code", "message"], "additionalProperties": false, "properties": { "code": { "type": "string" }, "message": { "type": "string" } } } } }, "Source": { "markdownDescription": "A path or a URL; the output of a cell, or those of several; null where an optional input is absent. In format 1 always a text, such as `stage.output`.", "anyOf": [{ "type": "string" }, { "$ref": "#/definitions/OutputSource" }, { "type": "array", "items": { "$ref": "#/definitions/OutputSource" } }, { "type": "null" }] }, "OutputSource": { "type": "object", "required": ["cell", "output"], "additionalProperties": false, "properties": { "cell": { "type": "string" }, "output": { "type": "string" } } }, "ManifestNumber": { "type": "object", "required": ["address", "stage", "name", "number", "closure"], "additionalProperties": false, "properties": { "address": { "type": "string", "markdownDescription": "`stage[axis=value].name`" }, "stage": { "type": "string", "markdownDescription": "Id of the cell that reported it." }, "name": { "type": "string" }, "number": { "$ref": "numbers.schema.json#/definitions/ReportedNumber" }, "closure": { "$ref": "record.schema.json#/definitions/Digest", "markdownDescription": "Digest over the fingerprints of its stage and all ancestors: equal closures, equal inputs." } } }, "ManifestGate": { "type": "object", "required": ["name", "number", "verdict", "measured"], "additionalProperties": false, "properties": { "name": { "type": "string" }, "number": { "type": "string" }, "min": { "type": "number" }, "max": { "type": "number" }, "verdict": { "enum": ["PASS", "FAIL", "INCONCLUSIVE", "UNMEASURED"] }, "measured": { "type": "array", "items": { "type": "object", "required": ["address", "value"], "additionalProperties": false, "properties": { "address": { "type": "string" }, "value": { "type": "number" }, "reference": { "type": "number", "markdownDescription": "The middle of a band." }, "tolerance": { "type": "number", "markdownDescription": "Half the width of a band, in the number's unit." } } } }, "reference": { "type": "object", "markdownDescription": "The manifest in the middle of a band; without digest and run where it could not be read.", "required": ["path", "tolerance"], "additionalProperties": false, "properties": { "path": { "type": "string", "pattern": "^[^\\u0000]*$" }, "digest": { "$ref": "record.schema.json#/definitions/Digest" }, "run": { "type": "string" }, "tolerance": { "$ref": "pipeline.schema.json#/definitions/Tolerance" } } }, "test": { "$ref": "#/definitions/GateTest" }, "reason": { "type": "string" }, "warning": { "type": "string", "markdownDescription": "Why the gate may be harder or easier than it looks, whatever its verdict." } } }, "GateTest": { "type": "object", "markdownDescription": "A test over replicates that the number is worse than another by less than a margin.", "required": ["against", "margin", "level"], "additionalProperties": false, "properties": { "against": { "type": ["number", "string"] }, "margin": { "type": "number" }, "level": { "type": "number" }, "better": { "enum": ["lower", "higher"] }, "result": { "type": "object", "required": ["paired", "difference", "standardError", "degreesOfFreedom", "p", "corrected", "tests"], "additionalProperties": false, "properties": { "paired": { "type": "boolean", "markdownDescription": "Whether replicates were compared one by one." }, "difference": { "type": "number", "markdownDescription": "Mean of the number less that of the other." }, "standardError": { "type": "number" }, "degreesOfFreedom": { "type": "number" }, "p": { "type": "number", "markdownDescription": "Probability of so good a result were it worse by the margin." }, "corrected": { "type": "number", "markdownDescription": "The same after Holm's correction." }, "tests": { "type": "integer", "markdownDescription": "Over how many tests of the run it is corrected." } } } } }, "Audit": { "type": "object", "markdownDescription": "What came out where the same fingerprint was executed more than once.", "required": ["executions", "failures", "outputs", "numbers"], "additionalProperties": false, "properties": { "executions": { "type": "integer", "minimum": 1, "markdownDescription": "That gave a result." }, "failures": { "type": "integer", "minimum": 0, "markdownDescription": "That gave none." }, "outputs": { "type": "object", "additionalProperties": { "enum": ["bitwise", "unstable"] } }, "numbers": { "type": "object", "additionalProperties": { "type": "object", "required": ["class", "min", "max"], "additionalProperties": false, "properties": { "class": { "enum": ["bitwise", "within-error", "unstable"], "markdownDescription": "`within-error`: all values lie within one standard error that each of them states." }, "min": { "type": "number" }, "max": { "type": "number" } } } } } }, "Gap": { "type": "object", "required": ["stage", "message"], "additionalProperties": false, "properties": { "stage": { "type": "string" }, "message": { "type": "string" } } } } };
var pattern45 = new RegExp("^[^\\u0000]*$", "u");
var pattern46 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
var schema95 = { "type": "object", "required": ["id", "stage", "cell", "status", "dependsOn"], "additionalProperties": false, "properties": { "id": { "type": "string" }, "stage": { "type": "string" }, "was": { "type": "string", "markdownDescription": "The name under which its results are known, where that is another: in its record, and in its seed." }, "cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } }, "status": { "enum": ["computed", "restored", "failed", "blocked", "cancelled"] }, "dependsOn": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Ids of the stages whose outputs it reads." }, "sources": { "type": "object", "additionalProperties": { "$ref": "#/definitions/Source" }, "markdownDescription": "Where each input came from, by name." }, "record": { "$ref": "record.schema.json#" }, "published": { "type": "string", "pattern": "^[^\\u0000]*$", "markdownDescription": "Directory of its outputs, relative to the project." }, "audit": { "$ref": "#/definitions/Audit" }, "error": { "type": "object", "required": ["code", "message"], "additionalProperties": false, "properties": { "code": { "type": "string" }, "message": { "type": "string" } } } } };
var schema99 = { "type": "object", "markdownDescription": "What came out where the same fingerprint was executed more than once.", "required": ["executions", "failures", "outputs", "numbers"], "additionalProperties": false, "properties": { "executions": { "type": "integer", "minimum": 1, "markdownDescription": "That gave a result." }, "failures": { "type": "integer", "minimum": 0, "markdownDescription": "That gave none." }, "outputs": { "type": "object", "additionalProperties": { "enum": ["bitwise", "unstable"] } }, "numbers": { "type": "object", "additionalProperties": { "type": "object", "required": ["class", "min", "max"], "additionalProperties": false, "properties": { "class": { "enum": ["bitwise", "within-error", "unstable"], "markdownDescription": "`within-error`: all values lie within one standard error that each of them states." }, "min": { "type": "number" }, "max": { "type": "number" } } } } } };
function validate64(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (typeof data !== "string") {
    const err0 = { instancePath, schemaPath: "#/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.cell === void 0) {
        const err1 = { instancePath, schemaPath: "#/definitions/OutputSource/required", keyword: "required", params: { missingProperty: "cell" }, message: "must have required property 'cell'" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
      if (data.output === void 0) {
        const err2 = { instancePath, schemaPath: "#/definitions/OutputSource/required", keyword: "required", params: { missingProperty: "output" }, message: "must have required property 'output'" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      for (const key0 in data) {
        if (!(key0 === "cell" || key0 === "output")) {
          const err3 = { instancePath, schemaPath: "#/definitions/OutputSource/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      }
      if (data.cell !== void 0) {
        if (typeof data.cell !== "string") {
          const err4 = { instancePath: instancePath + "/cell", schemaPath: "#/definitions/OutputSource/properties/cell/type", keyword: "type", params: { type: "string" }, message: "must be string" };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      }
      if (data.output !== void 0) {
        if (typeof data.output !== "string") {
          const err5 = { instancePath: instancePath + "/output", schemaPath: "#/definitions/OutputSource/properties/output/type", keyword: "type", params: { type: "string" }, message: "must be string" };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      }
    } else {
      const err6 = { instancePath, schemaPath: "#/definitions/OutputSource/type", keyword: "type", params: { type: "object" }, message: "must be object" };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
    if (!valid0) {
      const _errs11 = errors;
      if (Array.isArray(data)) {
        const len0 = data.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data[i0];
          if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
            if (data2.cell === void 0) {
              const err7 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/OutputSource/required", keyword: "required", params: { missingProperty: "cell" }, message: "must have required property 'cell'" };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
            if (data2.output === void 0) {
              const err8 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/OutputSource/required", keyword: "required", params: { missingProperty: "output" }, message: "must have required property 'output'" };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
            for (const key1 in data2) {
              if (!(key1 === "cell" || key1 === "output")) {
                const err9 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/OutputSource/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err9];
                } else {
                  vErrors.push(err9);
                }
                errors++;
              }
            }
            if (data2.cell !== void 0) {
              if (typeof data2.cell !== "string") {
                const err10 = { instancePath: instancePath + "/" + i0 + "/cell", schemaPath: "#/definitions/OutputSource/properties/cell/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err10];
                } else {
                  vErrors.push(err10);
                }
                errors++;
              }
            }
            if (data2.output !== void 0) {
              if (typeof data2.output !== "string") {
                const err11 = { instancePath: instancePath + "/" + i0 + "/output", schemaPath: "#/definitions/OutputSource/properties/output/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err11];
                } else {
                  vErrors.push(err11);
                }
                errors++;
              }
            }
          } else {
            const err12 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/OutputSource/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
      } else {
        const err13 = { instancePath, schemaPath: "#/anyOf/2/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
      var _valid0 = _errs11 === errors;
      valid0 = valid0 || _valid0;
      if (!valid0) {
        const _errs21 = errors;
        if (data !== null) {
          const err14 = { instancePath, schemaPath: "#/anyOf/3/type", keyword: "type", params: { type: "null" }, message: "must be null" };
          if (vErrors === null) {
            vErrors = [err14];
          } else {
            vErrors.push(err14);
          }
          errors++;
        }
        var _valid0 = _errs21 === errors;
        valid0 = valid0 || _valid0;
      }
    }
  }
  if (!valid0) {
    const err15 = { instancePath, schemaPath: "#/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
    if (vErrors === null) {
      vErrors = [err15];
    } else {
      vErrors.push(err15);
    }
    errors++;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate64.errors = vErrors;
  return errors === 0;
}
var schema73 = { "$schema": "http://json-schema.org/draft-07/schema#", "title": "StageRecord", "markdownDescription": "One successful execution of one cell: the preimage of its fingerprint and everything it produced.", "type": "object", "required": ["format", "fingerprint", "preimage", "outputs", "numbers", "log", "run", "startedAt", "finishedAt", "seconds", "environment"], "additionalProperties": false, "properties": { "format": { "enum": ["repro.record/1", "repro.record/2"], "markdownDescription": "2; records of format 1 are read in manifests, and never restored." }, "fingerprint": { "$ref": "#/definitions/Digest" }, "preimage": { "$ref": "#/definitions/Preimage" }, "outputs": { "type": "object", "additionalProperties": { "$ref": "#/definitions/Artifact" } }, "numbers": { "type": "object", "additionalProperties": { "$ref": "numbers.schema.json#/definitions/ReportedNumber" } }, "log": { "$ref": "#/definitions/Digest", "markdownDescription": "Digest of the stage's log in the store." }, "curves": { "$ref": "#/definitions/Digest", "markdownDescription": "Digest of the metrics that it printed with its progress, in the store; absent without any." }, "run": { "type": "string", "markdownDescription": "Id of the run that executed it." }, "startedAt": { "type": "string" }, "finishedAt": { "type": "string" }, "seconds": { "type": "number", "minimum": 0 }, "environment": { "$ref": "#/definitions/Environment" }, "attempts": { "type": "integer", "minimum": 2, "markdownDescription": "Which attempt of its run succeeded, when it was not the first. Never part of a fingerprint." }, "watched": { "$ref": "#/definitions/Watched" }, "job": { "$ref": "#/definitions/Job" }, "facts": { "type": "object", "markdownDescription": "What the stage said of how it computed, such as the backend. Never part of a fingerprint.", "additionalProperties": { "type": "string" } } }, "definitions": { "Digest": { "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" }, "Job": { "type": "object", "markdownDescription": "Where a scheduler ran it; absent for what ran as a process beside its run. Never part of a fingerprint.", "required": ["executor", "id", "host", "queuedSeconds"], "additionalProperties": false, "properties": { "executor": { "type": "string", "markdownDescription": "As the configuration names it." }, "id": { "type": "string", "markdownDescription": "As the scheduler names it." }, "host": { "type": "string" }, "queuedSeconds": { "type": "number", "minimum": 0, "markdownDescription": "From its submission to its start. They are no part of `seconds`." } } }, "Watched": { "type": "object", "markdownDescription": "What was seen of its file accesses; absent when nobody looked. Never part of a fingerprint.", "required": ["by", "undeclaredReads", "foreignWrites"], "additionalProperties": false, "properties": { "by": { "type": "array", "items": { "enum": ["permissions", "trace"] }, "markdownDescription": "Node's permission model (`--strict`), strace (`--trace`)." }, "undeclaredReads": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Files read that are no inputs, code, packages or installed programs; relative when in the project." }, "foreignWrites": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Files written outside its directory." } } }, "Artifact": { "type": "object", "required": ["path", "digest", "kind", "sizeBytes"], "additionalProperties": false, "properties": { "path": { "type": "string", "pattern": "^[^\\u0000]*$", "markdownDescription": "Relative to the stage's directory." }, "digest": { "$ref": "#/definitions/Digest" }, "kind": { "enum": ["file", "directory"] }, "sizeBytes": { "type": "integer", "minimum": 0 }, "executable": { "const": true, "markdownDescription": "Present for a file that may be executed." } } }, "InputFile": { "type": "object", "markdownDescription": "A file or directory that the stage reads. What it can see of it: path, content, and whether it may be executed.", "required": ["path", "digest"], "additionalProperties": false, "properties": { "path": { "type": "string", "markdownDescription": "As declared for what is read in place; the last name of what a stage made or was downloaded. A directory ends in `/`." }, "digest": { "$ref": "#/definitions/Digest" }, "executable": { "const": true, "markdownDescription": "Present for a file that may be executed." }, "cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] }, "markdownDescription": "Of a gathered input that was declared with `cells`: the axes of the cell that made it." } } }, "Preimage": { "type": "object", "markdownDescription": "Exactly what is hashed: sha256 of its canonical JSON is the fingerprint.", "required": ["format", "stage", "cell", "run", "params", "inputs", "outputs", "numbers", "code", "packages", "runtime", "env", "seed", "threads"], "if": { "type": "object", "properties": { "format": { "const": "repro.fingerprint/2" } } }, "then": { "type": "object", "properties": { "env": { "type": "object", "additionalProperties": { "type": ["string", "null"], "pattern": "^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$" } } } }, "additionalProperties": false, "properties": { "format": { "enum": ["repro.fingerprint/1", "repro.fingerprint/2"] }, "stage": { "type": "string" }, "cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } }, "run": { "type": "array", "items": { "type": "string", "pattern": "^[^\\u0000]*$" }, "markdownDescription": "The module as one word, or the words of the command." }, "inserts": { "const": true, "markdownDescription": "Present where the words of the command insert what the stage is assigned: `${params.rate}` in them is a value, `$${` the characters `${`." }, "params": { "type": "object", "additionalProperties": {} }, "inputs": { "type": "object", "markdownDescription": "By name: one file or directory, a list of them, or null. In format 1 they are digests alone.", "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/InputFile" }, { "$ref": "#/definitions/Digest" }, { "type": "array", "items": { "anyOf": [{ "$ref": "#/definitions/InputFile" }, { "$ref": "#/definitions/Digest" }] } }, { "type": "null" }] } }, "outputs": { "type": "object", "additionalProperties": { "type": "string", "pattern": "^[^\\u0000]*$" } }, "numbers": { "type": ["string", "null"], "pattern": "^[^\\u0000]*$" }, "code": { "type": "object", "propertyNames": { "pattern": "^[^\\u0000]*$" }, "additionalProperties": { "$ref": "#/definitions/Digest" }, "markdownDescription": "Source files by project path; those of the kit by name, `npm:repro/stage/index.js`." }, "packages": { "type": "object", "additionalProperties": { "type": "string" }, "markdownDescription": "Packages reached, with their dependencies: `name@version` to lock-file integrity." }, "runtime": { "type": "object", "additionalProperties": { "type": "string" }, "markdownDescription": "Hard facts, such as the Node version of a module." }, "env": { "type": "object", "additionalProperties": { "type": ["string", "null"] }, "markdownDescription": "Declared variables: the digest of the value under the store's key, `hmac-sha256:<id of the key>:<hex>`, or null for one that is not set. In format 1 it was the value itself." }, "seed": { "type": "integer", "minimum": 0 }, "threads": { "type": "integer", "minimum": 1 }, "setup": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Lines of shell that its executor ran before it; absent where it had none." } } }, "Environment": { "type": "object", "markdownDescription": "Soft facts: they describe a machine and never split the cache.", "required": ["platform", "arch", "cpu", "cores", "memoryBytes", "node"], "additionalProperties": false, "properties": { "platform": { "type": "string" }, "arch": { "type": "string" }, "cpu": { "type": "string" }, "cores": { "type": "integer" }, "memoryBytes": { "type": "integer" }, "node": { "type": "string" }, "host": { "type": "string", "markdownDescription": "Name of the machine in its network." } } } } };
var schema84 = { "type": "object", "required": ["value", "unit", "kind"], "additionalProperties": false, "properties": { "value": { "type": "number", "markdownDescription": "Finite; NaN and infinities are refused." }, "unit": { "type": "string", "maxLength": 40, "markdownDescription": "For example `bits/dim`, `nats`, `images`; `1` for a pure number." }, "kind": { "enum": ["exact", "estimate", "upper-bound", "timing"], "markdownDescription": "`timing` is a duration on the machine that ran the stage: another run of the same things does not repeat it, and `diff` does not ask it to." }, "n": { "type": "integer", "minimum": 1, "markdownDescription": "Samples behind the value." }, "standardError": { "type": "number", "minimum": 0, "markdownDescription": "Standard error over the n samples, in the same unit." }, "better": { "enum": ["lower", "higher", "none"], "markdownDescription": "Which direction is an improvement. Default none." }, "note": { "type": "string", "maxLength": 400 } } };
var schema89 = { "type": "object", "markdownDescription": "What was seen of its file accesses; absent when nobody looked. Never part of a fingerprint.", "required": ["by", "undeclaredReads", "foreignWrites"], "additionalProperties": false, "properties": { "by": { "type": "array", "items": { "enum": ["permissions", "trace"] }, "markdownDescription": "Node's permission model (`--strict`), strace (`--trace`)." }, "undeclaredReads": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Files read that are no inputs, code, packages or installed programs; relative when in the project." }, "foreignWrites": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Files written outside its directory." } } };
var schema75 = { "type": "object", "markdownDescription": "Exactly what is hashed: sha256 of its canonical JSON is the fingerprint.", "required": ["format", "stage", "cell", "run", "params", "inputs", "outputs", "numbers", "code", "packages", "runtime", "env", "seed", "threads"], "if": { "type": "object", "properties": { "format": { "const": "repro.fingerprint/2" } } }, "then": { "type": "object", "properties": { "env": { "type": "object", "additionalProperties": { "type": ["string", "null"], "pattern": "^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$" } } } }, "additionalProperties": false, "properties": { "format": { "enum": ["repro.fingerprint/1", "repro.fingerprint/2"] }, "stage": { "type": "string" }, "cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } }, "run": { "type": "array", "items": { "type": "string", "pattern": "^[^\\u0000]*$" }, "markdownDescription": "The module as one word, or the words of the command." }, "inserts": { "const": true, "markdownDescription": "Present where the words of the command insert what the stage is assigned: `${params.rate}` in them is a value, `$${` the characters `${`." }, "params": { "type": "object", "additionalProperties": {} }, "inputs": { "type": "object", "markdownDescription": "By name: one file or directory, a list of them, or null. In format 1 they are digests alone.", "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/InputFile" }, { "$ref": "#/definitions/Digest" }, { "type": "array", "items": { "anyOf": [{ "$ref": "#/definitions/InputFile" }, { "$ref": "#/definitions/Digest" }] } }, { "type": "null" }] } }, "outputs": { "type": "object", "additionalProperties": { "type": "string", "pattern": "^[^\\u0000]*$" } }, "numbers": { "type": ["string", "null"], "pattern": "^[^\\u0000]*$" }, "code": { "type": "object", "propertyNames": { "pattern": "^[^\\u0000]*$" }, "additionalProperties": { "$ref": "#/definitions/Digest" }, "markdownDescription": "Source files by project path; those of the kit by name, `npm:repro/stage/index.js`." }, "packages": { "type": "object", "additionalProperties": { "type": "string" }, "markdownDescription": "Packages reached, with their dependencies: `name@version` to lock-file integrity." }, "runtime": { "type": "object", "additionalProperties": { "type": "string" }, "markdownDescription": "Hard facts, such as the Node version of a module." }, "env": { "type": "object", "additionalProperties": { "type": ["string", "null"] }, "markdownDescription": "Declared variables: the digest of the value under the store's key, `hmac-sha256:<id of the key>:<hex>`, or null for one that is not set. In format 1 it was the value itself." }, "seed": { "type": "integer", "minimum": 0 }, "threads": { "type": "integer", "minimum": 1 }, "setup": { "type": "array", "items": { "type": "string" }, "markdownDescription": "Lines of shell that its executor ran before it; absent where it had none." } } };
var pattern47 = new RegExp("^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$", "u");
var schema76 = { "type": "object", "markdownDescription": "A file or directory that the stage reads. What it can see of it: path, content, and whether it may be executed.", "required": ["path", "digest"], "additionalProperties": false, "properties": { "path": { "type": "string", "markdownDescription": "As declared for what is read in place; the last name of what a stage made or was downloaded. A directory ends in `/`." }, "digest": { "$ref": "#/definitions/Digest" }, "executable": { "const": true, "markdownDescription": "Present for a file that may be executed." }, "cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] }, "markdownDescription": "Of a gathered input that was declared with `cells`: the axes of the cell that made it." } } };
function validate56(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.path === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "path" }, message: "must have required property 'path'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.digest === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "digest" }, message: "must have required property 'digest'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "path" || key0 === "digest" || key0 === "executable" || key0 === "cell")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.path !== void 0) {
      if (typeof data.path !== "string") {
        const err3 = { instancePath: instancePath + "/path", schemaPath: "#/properties/path/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.digest !== void 0) {
      let data1 = data.digest;
      if (typeof data1 === "string") {
        if (!pattern46.test(data1)) {
          const err4 = { instancePath: instancePath + "/digest", schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/digest", schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.executable !== void 0) {
      if (true !== data.executable) {
        const err6 = { instancePath: instancePath + "/executable", schemaPath: "#/properties/executable/const", keyword: "const", params: { allowedValue: true }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.cell !== void 0) {
      let data3 = data.cell;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        for (const key1 in data3) {
          let data4 = data3[key1];
          if (typeof data4 !== "string" && !(typeof data4 == "number" && isFinite(data4)) && typeof data4 !== "boolean") {
            const err7 = { instancePath: instancePath + "/cell/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/cell/additionalProperties/type", keyword: "type", params: { type: schema76.properties.cell.additionalProperties.type }, message: "must be string,number,boolean" };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/cell", schemaPath: "#/properties/cell/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
  } else {
    const err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err9];
    } else {
      vErrors.push(err9);
    }
    errors++;
  }
  validate56.errors = vErrors;
  return errors === 0;
}
function validate55(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (errors === _errs2) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.format !== void 0) {
        if ("repro.fingerprint/2" !== data.format) {
          const err0 = {};
          if (vErrors === null) {
            vErrors = [err0];
          } else {
            vErrors.push(err0);
          }
          errors++;
        }
      }
    } else {
      const err1 = {};
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  if (_valid0) {
    const _errs5 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.env !== void 0) {
        let data1 = data.env;
        if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
          for (const key0 in data1) {
            let data2 = data1[key0];
            if (typeof data2 !== "string" && data2 !== null) {
              const err2 = { instancePath: instancePath + "/env/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/then/properties/env/additionalProperties/type", keyword: "type", params: { type: schema75.then.properties.env.additionalProperties.type }, message: "must be string,null" };
              if (vErrors === null) {
                vErrors = [err2];
              } else {
                vErrors.push(err2);
              }
              errors++;
            }
            if (typeof data2 === "string") {
              if (!pattern47.test(data2)) {
                const err3 = { instancePath: instancePath + "/env/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/then/properties/env/additionalProperties/pattern", keyword: "pattern", params: { pattern: "^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$" }, message: 'must match pattern "^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$"' };
                if (vErrors === null) {
                  vErrors = [err3];
                } else {
                  vErrors.push(err3);
                }
                errors++;
              }
            }
          }
        } else {
          const err4 = { instancePath: instancePath + "/env", schemaPath: "#/then/properties/env/type", keyword: "type", params: { type: "object" }, message: "must be object" };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      }
    } else {
      const err5 = { instancePath, schemaPath: "#/then/type", keyword: "type", params: { type: "object" }, message: "must be object" };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    var _valid0 = _errs5 === errors;
    valid0 = _valid0;
  }
  if (!valid0) {
    const err6 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema' };
    if (vErrors === null) {
      vErrors = [err6];
    } else {
      vErrors.push(err6);
    }
    errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.format === void 0) {
      const err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "format" }, message: "must have required property 'format'" };
      if (vErrors === null) {
        vErrors = [err7];
      } else {
        vErrors.push(err7);
      }
      errors++;
    }
    if (data.stage === void 0) {
      const err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stage" }, message: "must have required property 'stage'" };
      if (vErrors === null) {
        vErrors = [err8];
      } else {
        vErrors.push(err8);
      }
      errors++;
    }
    if (data.cell === void 0) {
      const err9 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "cell" }, message: "must have required property 'cell'" };
      if (vErrors === null) {
        vErrors = [err9];
      } else {
        vErrors.push(err9);
      }
      errors++;
    }
    if (data.run === void 0) {
      const err10 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "run" }, message: "must have required property 'run'" };
      if (vErrors === null) {
        vErrors = [err10];
      } else {
        vErrors.push(err10);
      }
      errors++;
    }
    if (data.params === void 0) {
      const err11 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "params" }, message: "must have required property 'params'" };
      if (vErrors === null) {
        vErrors = [err11];
      } else {
        vErrors.push(err11);
      }
      errors++;
    }
    if (data.inputs === void 0) {
      const err12 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "inputs" }, message: "must have required property 'inputs'" };
      if (vErrors === null) {
        vErrors = [err12];
      } else {
        vErrors.push(err12);
      }
      errors++;
    }
    if (data.outputs === void 0) {
      const err13 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "outputs" }, message: "must have required property 'outputs'" };
      if (vErrors === null) {
        vErrors = [err13];
      } else {
        vErrors.push(err13);
      }
      errors++;
    }
    if (data.numbers === void 0) {
      const err14 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "numbers" }, message: "must have required property 'numbers'" };
      if (vErrors === null) {
        vErrors = [err14];
      } else {
        vErrors.push(err14);
      }
      errors++;
    }
    if (data.code === void 0) {
      const err15 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "code" }, message: "must have required property 'code'" };
      if (vErrors === null) {
        vErrors = [err15];
      } else {
        vErrors.push(err15);
      }
      errors++;
    }
    if (data.packages === void 0) {
      const err16 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "packages" }, message: "must have required property 'packages'" };
      if (vErrors === null) {
        vErrors = [err16];
      } else {
        vErrors.push(err16);
      }
      errors++;
    }
    if (data.runtime === void 0) {
      const err17 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "runtime" }, message: "must have required property 'runtime'" };
      if (vErrors === null) {
        vErrors = [err17];
      } else {
        vErrors.push(err17);
      }
      errors++;
    }
    if (data.env === void 0) {
      const err18 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "env" }, message: "must have required property 'env'" };
      if (vErrors === null) {
        vErrors = [err18];
      } else {
        vErrors.push(err18);
      }
      errors++;
    }
    if (data.seed === void 0) {
      const err19 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "seed" }, message: "must have required property 'seed'" };
      if (vErrors === null) {
        vErrors = [err19];
      } else {
        vErrors.push(err19);
      }
      errors++;
    }
    if (data.threads === void 0) {
      const err20 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "threads" }, message: "must have required property 'threads'" };
      if (vErrors === null) {
        vErrors = [err20];
      } else {
        vErrors.push(err20);
      }
      errors++;
    }
    for (const key1 in data) {
      if (!func9.call(schema75.properties, key1)) {
        const err21 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
    if (data.format !== void 0) {
      let data3 = data.format;
      if (!(data3 === "repro.fingerprint/1" || data3 === "repro.fingerprint/2")) {
        const err22 = { instancePath: instancePath + "/format", schemaPath: "#/properties/format/enum", keyword: "enum", params: { allowedValues: schema75.properties.format.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err22];
        } else {
          vErrors.push(err22);
        }
        errors++;
      }
    }
    if (data.stage !== void 0) {
      if (typeof data.stage !== "string") {
        const err23 = { instancePath: instancePath + "/stage", schemaPath: "#/properties/stage/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data.cell !== void 0) {
      let data5 = data.cell;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (const key2 in data5) {
          let data6 = data5[key2];
          if (typeof data6 !== "string" && !(typeof data6 == "number" && isFinite(data6)) && typeof data6 !== "boolean") {
            const err24 = { instancePath: instancePath + "/cell/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/cell/additionalProperties/type", keyword: "type", params: { type: schema75.properties.cell.additionalProperties.type }, message: "must be string,number,boolean" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
      } else {
        const err25 = { instancePath: instancePath + "/cell", schemaPath: "#/properties/cell/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data.run !== void 0) {
      let data7 = data.run;
      if (Array.isArray(data7)) {
        const len0 = data7.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data8 = data7[i0];
          if (typeof data8 === "string") {
            if (!pattern45.test(data8)) {
              const err26 = { instancePath: instancePath + "/run/" + i0, schemaPath: "#/properties/run/items/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
          } else {
            const err27 = { instancePath: instancePath + "/run/" + i0, schemaPath: "#/properties/run/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
        }
      } else {
        const err28 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err28];
        } else {
          vErrors.push(err28);
        }
        errors++;
      }
    }
    if (data.inserts !== void 0) {
      if (true !== data.inserts) {
        const err29 = { instancePath: instancePath + "/inserts", schemaPath: "#/properties/inserts/const", keyword: "const", params: { allowedValue: true }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
    if (data.params !== void 0) {
      let data10 = data.params;
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
      } else {
        const err30 = { instancePath: instancePath + "/params", schemaPath: "#/properties/params/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err30];
        } else {
          vErrors.push(err30);
        }
        errors++;
      }
    }
    if (data.inputs !== void 0) {
      let data11 = data.inputs;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (const key3 in data11) {
          let data12 = data11[key3];
          const _errs33 = errors;
          let valid9 = false;
          const _errs34 = errors;
          if (!validate56(data12, { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data11, parentDataProperty: key3, rootData })) {
            vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
            errors = vErrors.length;
          }
          var _valid1 = _errs34 === errors;
          valid9 = valid9 || _valid1;
          if (!valid9) {
            const _errs35 = errors;
            if (typeof data12 === "string") {
              if (!pattern46.test(data12)) {
                const err31 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
                if (vErrors === null) {
                  vErrors = [err31];
                } else {
                  vErrors.push(err31);
                }
                errors++;
              }
            } else {
              const err32 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
              if (vErrors === null) {
                vErrors = [err32];
              } else {
                vErrors.push(err32);
              }
              errors++;
            }
            var _valid1 = _errs35 === errors;
            valid9 = valid9 || _valid1;
            if (!valid9) {
              const _errs38 = errors;
              if (Array.isArray(data12)) {
                const len1 = data12.length;
                for (let i1 = 0; i1 < len1; i1++) {
                  let data13 = data12[i1];
                  const _errs41 = errors;
                  let valid13 = false;
                  const _errs42 = errors;
                  if (!validate56(data13, { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i1, parentData: data12, parentDataProperty: i1, rootData })) {
                    vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
                    errors = vErrors.length;
                  }
                  var _valid2 = _errs42 === errors;
                  valid13 = valid13 || _valid2;
                  if (!valid13) {
                    const _errs43 = errors;
                    if (typeof data13 === "string") {
                      if (!pattern46.test(data13)) {
                        const err33 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i1, schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
                        if (vErrors === null) {
                          vErrors = [err33];
                        } else {
                          vErrors.push(err33);
                        }
                        errors++;
                      }
                    } else {
                      const err34 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i1, schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                      if (vErrors === null) {
                        vErrors = [err34];
                      } else {
                        vErrors.push(err34);
                      }
                      errors++;
                    }
                    var _valid2 = _errs43 === errors;
                    valid13 = valid13 || _valid2;
                  }
                  if (!valid13) {
                    const err35 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i1, schemaPath: "#/properties/inputs/additionalProperties/anyOf/2/items/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
                    if (vErrors === null) {
                      vErrors = [err35];
                    } else {
                      vErrors.push(err35);
                    }
                    errors++;
                  } else {
                    errors = _errs41;
                    if (vErrors !== null) {
                      if (_errs41) {
                        vErrors.length = _errs41;
                      } else {
                        vErrors = null;
                      }
                    }
                  }
                }
              } else {
                const err36 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf/2/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err36];
                } else {
                  vErrors.push(err36);
                }
                errors++;
              }
              var _valid1 = _errs38 === errors;
              valid9 = valid9 || _valid1;
              if (!valid9) {
                const _errs46 = errors;
                if (data12 !== null) {
                  const err37 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf/3/type", keyword: "type", params: { type: "null" }, message: "must be null" };
                  if (vErrors === null) {
                    vErrors = [err37];
                  } else {
                    vErrors.push(err37);
                  }
                  errors++;
                }
                var _valid1 = _errs46 === errors;
                valid9 = valid9 || _valid1;
              }
            }
          }
          if (!valid9) {
            const err38 = { instancePath: instancePath + "/inputs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
            if (vErrors === null) {
              vErrors = [err38];
            } else {
              vErrors.push(err38);
            }
            errors++;
          } else {
            errors = _errs33;
            if (vErrors !== null) {
              if (_errs33) {
                vErrors.length = _errs33;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err39 = { instancePath: instancePath + "/inputs", schemaPath: "#/properties/inputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err39];
        } else {
          vErrors.push(err39);
        }
        errors++;
      }
    }
    if (data.outputs !== void 0) {
      let data14 = data.outputs;
      if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
        for (const key4 in data14) {
          let data15 = data14[key4];
          if (typeof data15 === "string") {
            if (!pattern45.test(data15)) {
              const err40 = { instancePath: instancePath + "/outputs/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/outputs/additionalProperties/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
              if (vErrors === null) {
                vErrors = [err40];
              } else {
                vErrors.push(err40);
              }
              errors++;
            }
          } else {
            const err41 = { instancePath: instancePath + "/outputs/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/outputs/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
        }
      } else {
        const err42 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err42];
        } else {
          vErrors.push(err42);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      let data16 = data.numbers;
      if (typeof data16 !== "string" && data16 !== null) {
        const err43 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: schema75.properties.numbers.type }, message: "must be string,null" };
        if (vErrors === null) {
          vErrors = [err43];
        } else {
          vErrors.push(err43);
        }
        errors++;
      }
      if (typeof data16 === "string") {
        if (!pattern45.test(data16)) {
          const err44 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
          if (vErrors === null) {
            vErrors = [err44];
          } else {
            vErrors.push(err44);
          }
          errors++;
        }
      }
    }
    if (data.code !== void 0) {
      let data17 = data.code;
      if (data17 && typeof data17 == "object" && !Array.isArray(data17)) {
        for (const key5 in data17) {
          const _errs57 = errors;
          if (typeof key5 === "string") {
            if (!pattern45.test(key5)) {
              const err45 = { instancePath: instancePath + "/code", schemaPath: "#/properties/code/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"', propertyName: key5 };
              if (vErrors === null) {
                vErrors = [err45];
              } else {
                vErrors.push(err45);
              }
              errors++;
            }
          }
          var valid16 = _errs57 === errors;
          if (!valid16) {
            const err46 = { instancePath: instancePath + "/code", schemaPath: "#/properties/code/propertyNames", keyword: "propertyNames", params: { propertyName: key5 }, message: "property name must be valid" };
            if (vErrors === null) {
              vErrors = [err46];
            } else {
              vErrors.push(err46);
            }
            errors++;
          }
        }
        for (const key6 in data17) {
          let data18 = data17[key6];
          if (typeof data18 === "string") {
            if (!pattern46.test(data18)) {
              const err47 = { instancePath: instancePath + "/code/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
              if (vErrors === null) {
                vErrors = [err47];
              } else {
                vErrors.push(err47);
              }
              errors++;
            }
          } else {
            const err48 = { instancePath: instancePath + "/code/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err48];
            } else {
              vErrors.push(err48);
            }
            errors++;
          }
        }
      } else {
        const err49 = { instancePath: instancePath + "/code", schemaPath: "#/properties/code/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err49];
        } else {
          vErrors.push(err49);
        }
        errors++;
      }
    }
    if (data.packages !== void 0) {
      let data19 = data.packages;
      if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
        for (const key7 in data19) {
          if (typeof data19[key7] !== "string") {
            const err50 = { instancePath: instancePath + "/packages/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/packages/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
        }
      } else {
        const err51 = { instancePath: instancePath + "/packages", schemaPath: "#/properties/packages/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err51];
        } else {
          vErrors.push(err51);
        }
        errors++;
      }
    }
    if (data.runtime !== void 0) {
      let data21 = data.runtime;
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        for (const key8 in data21) {
          if (typeof data21[key8] !== "string") {
            const err52 = { instancePath: instancePath + "/runtime/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/runtime/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err52];
            } else {
              vErrors.push(err52);
            }
            errors++;
          }
        }
      } else {
        const err53 = { instancePath: instancePath + "/runtime", schemaPath: "#/properties/runtime/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err53];
        } else {
          vErrors.push(err53);
        }
        errors++;
      }
    }
    if (data.env !== void 0) {
      let data23 = data.env;
      if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
        for (const key9 in data23) {
          let data24 = data23[key9];
          if (typeof data24 !== "string" && data24 !== null) {
            const err54 = { instancePath: instancePath + "/env/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/env/additionalProperties/type", keyword: "type", params: { type: schema75.properties.env.additionalProperties.type }, message: "must be string,null" };
            if (vErrors === null) {
              vErrors = [err54];
            } else {
              vErrors.push(err54);
            }
            errors++;
          }
        }
      } else {
        const err55 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err55];
        } else {
          vErrors.push(err55);
        }
        errors++;
      }
    }
    if (data.seed !== void 0) {
      let data25 = data.seed;
      if (!(typeof data25 == "number" && (!(data25 % 1) && !isNaN(data25)) && isFinite(data25))) {
        const err56 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err56];
        } else {
          vErrors.push(err56);
        }
        errors++;
      }
      if (typeof data25 == "number" && isFinite(data25)) {
        if (data25 < 0 || isNaN(data25)) {
          const err57 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
          if (vErrors === null) {
            vErrors = [err57];
          } else {
            vErrors.push(err57);
          }
          errors++;
        }
      }
    }
    if (data.threads !== void 0) {
      let data26 = data.threads;
      if (!(typeof data26 == "number" && (!(data26 % 1) && !isNaN(data26)) && isFinite(data26))) {
        const err58 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err58];
        } else {
          vErrors.push(err58);
        }
        errors++;
      }
      if (typeof data26 == "number" && isFinite(data26)) {
        if (data26 < 1 || isNaN(data26)) {
          const err59 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
          if (vErrors === null) {
            vErrors = [err59];
          } else {
            vErrors.push(err59);
          }
          errors++;
        }
      }
    }
    if (data.setup !== void 0) {
      let data27 = data.setup;
      if (Array.isArray(data27)) {
        const len2 = data27.length;
        for (let i2 = 0; i2 < len2; i2++) {
          if (typeof data27[i2] !== "string") {
            const err60 = { instancePath: instancePath + "/setup/" + i2, schemaPath: "#/properties/setup/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err60];
            } else {
              vErrors.push(err60);
            }
            errors++;
          }
        }
      } else {
        const err61 = { instancePath: instancePath + "/setup", schemaPath: "#/properties/setup/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err61];
        } else {
          vErrors.push(err61);
        }
        errors++;
      }
    }
  } else {
    const err62 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err62];
    } else {
      vErrors.push(err62);
    }
    errors++;
  }
  validate55.errors = vErrors;
  return errors === 0;
}
var schema81 = { "type": "object", "required": ["path", "digest", "kind", "sizeBytes"], "additionalProperties": false, "properties": { "path": { "type": "string", "pattern": "^[^\\u0000]*$", "markdownDescription": "Relative to the stage's directory." }, "digest": { "$ref": "#/definitions/Digest" }, "kind": { "enum": ["file", "directory"] }, "sizeBytes": { "type": "integer", "minimum": 0 }, "executable": { "const": true, "markdownDescription": "Present for a file that may be executed." } } };
function validate60(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.path === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "path" }, message: "must have required property 'path'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.digest === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "digest" }, message: "must have required property 'digest'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.kind === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kind" }, message: "must have required property 'kind'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.sizeBytes === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sizeBytes" }, message: "must have required property 'sizeBytes'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "path" || key0 === "digest" || key0 === "kind" || key0 === "sizeBytes" || key0 === "executable")) {
        const err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.path !== void 0) {
      let data0 = data.path;
      if (typeof data0 === "string") {
        if (!pattern45.test(data0)) {
          const err5 = { instancePath: instancePath + "/path", schemaPath: "#/properties/path/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/path", schemaPath: "#/properties/path/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.digest !== void 0) {
      let data1 = data.digest;
      if (typeof data1 === "string") {
        if (!pattern46.test(data1)) {
          const err7 = { instancePath: instancePath + "/digest", schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/digest", schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.kind !== void 0) {
      let data2 = data.kind;
      if (!(data2 === "file" || data2 === "directory")) {
        const err9 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/enum", keyword: "enum", params: { allowedValues: schema81.properties.kind.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.sizeBytes !== void 0) {
      let data3 = data.sizeBytes;
      if (!(typeof data3 == "number" && (!(data3 % 1) && !isNaN(data3)) && isFinite(data3))) {
        const err10 = { instancePath: instancePath + "/sizeBytes", schemaPath: "#/properties/sizeBytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
      if (typeof data3 == "number" && isFinite(data3)) {
        if (data3 < 0 || isNaN(data3)) {
          const err11 = { instancePath: instancePath + "/sizeBytes", schemaPath: "#/properties/sizeBytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      }
    }
    if (data.executable !== void 0) {
      if (true !== data.executable) {
        const err12 = { instancePath: instancePath + "/executable", schemaPath: "#/properties/executable/const", keyword: "const", params: { allowedValue: true }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
  } else {
    const err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err13];
    } else {
      vErrors.push(err13);
    }
    errors++;
  }
  validate60.errors = vErrors;
  return errors === 0;
}
function validate54(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.format === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "format" }, message: "must have required property 'format'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.fingerprint === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "fingerprint" }, message: "must have required property 'fingerprint'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.preimage === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "preimage" }, message: "must have required property 'preimage'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.outputs === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "outputs" }, message: "must have required property 'outputs'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.numbers === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "numbers" }, message: "must have required property 'numbers'" };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    if (data.log === void 0) {
      const err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "log" }, message: "must have required property 'log'" };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    if (data.run === void 0) {
      const err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "run" }, message: "must have required property 'run'" };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (data.startedAt === void 0) {
      const err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "startedAt" }, message: "must have required property 'startedAt'" };
      if (vErrors === null) {
        vErrors = [err7];
      } else {
        vErrors.push(err7);
      }
      errors++;
    }
    if (data.finishedAt === void 0) {
      const err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "finishedAt" }, message: "must have required property 'finishedAt'" };
      if (vErrors === null) {
        vErrors = [err8];
      } else {
        vErrors.push(err8);
      }
      errors++;
    }
    if (data.seconds === void 0) {
      const err9 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "seconds" }, message: "must have required property 'seconds'" };
      if (vErrors === null) {
        vErrors = [err9];
      } else {
        vErrors.push(err9);
      }
      errors++;
    }
    if (data.environment === void 0) {
      const err10 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "environment" }, message: "must have required property 'environment'" };
      if (vErrors === null) {
        vErrors = [err10];
      } else {
        vErrors.push(err10);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema73.properties, key0)) {
        const err11 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.format !== void 0) {
      let data0 = data.format;
      if (!(data0 === "repro.record/1" || data0 === "repro.record/2")) {
        const err12 = { instancePath: instancePath + "/format", schemaPath: "#/properties/format/enum", keyword: "enum", params: { allowedValues: schema73.properties.format.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.fingerprint !== void 0) {
      let data1 = data.fingerprint;
      if (typeof data1 === "string") {
        if (!pattern46.test(data1)) {
          const err13 = { instancePath: instancePath + "/fingerprint", schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      } else {
        const err14 = { instancePath: instancePath + "/fingerprint", schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.preimage !== void 0) {
      if (!validate55(data.preimage, { instancePath: instancePath + "/preimage", parentData: data, parentDataProperty: "preimage", rootData })) {
        vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
        errors = vErrors.length;
      }
    }
    if (data.outputs !== void 0) {
      let data3 = data.outputs;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        for (const key1 in data3) {
          if (!validate60(data3[key1], { instancePath: instancePath + "/outputs/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data3, parentDataProperty: key1, rootData })) {
            vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err15 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      let data5 = data.numbers;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (const key2 in data5) {
          let data6 = data5[key2];
          if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
            if (data6.value === void 0) {
              const err16 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "numbers.schema.json#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "value" }, message: "must have required property 'value'" };
              if (vErrors === null) {
                vErrors = [err16];
              } else {
                vErrors.push(err16);
              }
              errors++;
            }
            if (data6.unit === void 0) {
              const err17 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "numbers.schema.json#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "unit" }, message: "must have required property 'unit'" };
              if (vErrors === null) {
                vErrors = [err17];
              } else {
                vErrors.push(err17);
              }
              errors++;
            }
            if (data6.kind === void 0) {
              const err18 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "numbers.schema.json#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "kind" }, message: "must have required property 'kind'" };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
            for (const key3 in data6) {
              if (!(key3 === "value" || key3 === "unit" || key3 === "kind" || key3 === "n" || key3 === "standardError" || key3 === "better" || key3 === "note")) {
                const err19 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "numbers.schema.json#/definitions/ReportedNumber/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err19];
                } else {
                  vErrors.push(err19);
                }
                errors++;
              }
            }
            if (data6.value !== void 0) {
              let data7 = data6.value;
              if (!(typeof data7 == "number" && isFinite(data7))) {
                const err20 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/value", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/value/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err20];
                } else {
                  vErrors.push(err20);
                }
                errors++;
              }
            }
            if (data6.unit !== void 0) {
              let data8 = data6.unit;
              if (typeof data8 === "string") {
                if (func2(data8) > 40) {
                  const err21 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/unit", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/unit/maxLength", keyword: "maxLength", params: { limit: 40 }, message: "must NOT have more than 40 characters" };
                  if (vErrors === null) {
                    vErrors = [err21];
                  } else {
                    vErrors.push(err21);
                  }
                  errors++;
                }
              } else {
                const err22 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/unit", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/unit/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err22];
                } else {
                  vErrors.push(err22);
                }
                errors++;
              }
            }
            if (data6.kind !== void 0) {
              let data9 = data6.kind;
              if (!(data9 === "exact" || data9 === "estimate" || data9 === "upper-bound" || data9 === "timing")) {
                const err23 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/kind", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/kind/enum", keyword: "enum", params: { allowedValues: schema84.properties.kind.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err23];
                } else {
                  vErrors.push(err23);
                }
                errors++;
              }
            }
            if (data6.n !== void 0) {
              let data10 = data6.n;
              if (!(typeof data10 == "number" && (!(data10 % 1) && !isNaN(data10)) && isFinite(data10))) {
                const err24 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/n", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/n/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err24];
                } else {
                  vErrors.push(err24);
                }
                errors++;
              }
              if (typeof data10 == "number" && isFinite(data10)) {
                if (data10 < 1 || isNaN(data10)) {
                  const err25 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/n", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/n/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
                  if (vErrors === null) {
                    vErrors = [err25];
                  } else {
                    vErrors.push(err25);
                  }
                  errors++;
                }
              }
            }
            if (data6.standardError !== void 0) {
              let data11 = data6.standardError;
              if (typeof data11 == "number" && isFinite(data11)) {
                if (data11 < 0 || isNaN(data11)) {
                  const err26 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/standardError", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/standardError/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
                  if (vErrors === null) {
                    vErrors = [err26];
                  } else {
                    vErrors.push(err26);
                  }
                  errors++;
                }
              } else {
                const err27 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/standardError", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/standardError/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err27];
                } else {
                  vErrors.push(err27);
                }
                errors++;
              }
            }
            if (data6.better !== void 0) {
              let data12 = data6.better;
              if (!(data12 === "lower" || data12 === "higher" || data12 === "none")) {
                const err28 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/better", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/better/enum", keyword: "enum", params: { allowedValues: schema84.properties.better.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err28];
                } else {
                  vErrors.push(err28);
                }
                errors++;
              }
            }
            if (data6.note !== void 0) {
              let data13 = data6.note;
              if (typeof data13 === "string") {
                if (func2(data13) > 400) {
                  const err29 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/note", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/note/maxLength", keyword: "maxLength", params: { limit: 400 }, message: "must NOT have more than 400 characters" };
                  if (vErrors === null) {
                    vErrors = [err29];
                  } else {
                    vErrors.push(err29);
                  }
                  errors++;
                }
              } else {
                const err30 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/note", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/note/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err30];
                } else {
                  vErrors.push(err30);
                }
                errors++;
              }
            }
          } else {
            const err31 = { instancePath: instancePath + "/numbers/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "numbers.schema.json#/definitions/ReportedNumber/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
        }
      } else {
        const err32 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err32];
        } else {
          vErrors.push(err32);
        }
        errors++;
      }
    }
    if (data.log !== void 0) {
      let data14 = data.log;
      if (typeof data14 === "string") {
        if (!pattern46.test(data14)) {
          const err33 = { instancePath: instancePath + "/log", schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
          if (vErrors === null) {
            vErrors = [err33];
          } else {
            vErrors.push(err33);
          }
          errors++;
        }
      } else {
        const err34 = { instancePath: instancePath + "/log", schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err34];
        } else {
          vErrors.push(err34);
        }
        errors++;
      }
    }
    if (data.curves !== void 0) {
      let data15 = data.curves;
      if (typeof data15 === "string") {
        if (!pattern46.test(data15)) {
          const err35 = { instancePath: instancePath + "/curves", schemaPath: "#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
          if (vErrors === null) {
            vErrors = [err35];
          } else {
            vErrors.push(err35);
          }
          errors++;
        }
      } else {
        const err36 = { instancePath: instancePath + "/curves", schemaPath: "#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err36];
        } else {
          vErrors.push(err36);
        }
        errors++;
      }
    }
    if (data.run !== void 0) {
      if (typeof data.run !== "string") {
        const err37 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err37];
        } else {
          vErrors.push(err37);
        }
        errors++;
      }
    }
    if (data.startedAt !== void 0) {
      if (typeof data.startedAt !== "string") {
        const err38 = { instancePath: instancePath + "/startedAt", schemaPath: "#/properties/startedAt/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err38];
        } else {
          vErrors.push(err38);
        }
        errors++;
      }
    }
    if (data.finishedAt !== void 0) {
      if (typeof data.finishedAt !== "string") {
        const err39 = { instancePath: instancePath + "/finishedAt", schemaPath: "#/properties/finishedAt/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err39];
        } else {
          vErrors.push(err39);
        }
        errors++;
      }
    }
    if (data.seconds !== void 0) {
      let data19 = data.seconds;
      if (typeof data19 == "number" && isFinite(data19)) {
        if (data19 < 0 || isNaN(data19)) {
          const err40 = { instancePath: instancePath + "/seconds", schemaPath: "#/properties/seconds/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
          if (vErrors === null) {
            vErrors = [err40];
          } else {
            vErrors.push(err40);
          }
          errors++;
        }
      } else {
        const err41 = { instancePath: instancePath + "/seconds", schemaPath: "#/properties/seconds/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err41];
        } else {
          vErrors.push(err41);
        }
        errors++;
      }
    }
    if (data.environment !== void 0) {
      let data20 = data.environment;
      if (data20 && typeof data20 == "object" && !Array.isArray(data20)) {
        if (data20.platform === void 0) {
          const err42 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/required", keyword: "required", params: { missingProperty: "platform" }, message: "must have required property 'platform'" };
          if (vErrors === null) {
            vErrors = [err42];
          } else {
            vErrors.push(err42);
          }
          errors++;
        }
        if (data20.arch === void 0) {
          const err43 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/required", keyword: "required", params: { missingProperty: "arch" }, message: "must have required property 'arch'" };
          if (vErrors === null) {
            vErrors = [err43];
          } else {
            vErrors.push(err43);
          }
          errors++;
        }
        if (data20.cpu === void 0) {
          const err44 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/required", keyword: "required", params: { missingProperty: "cpu" }, message: "must have required property 'cpu'" };
          if (vErrors === null) {
            vErrors = [err44];
          } else {
            vErrors.push(err44);
          }
          errors++;
        }
        if (data20.cores === void 0) {
          const err45 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/required", keyword: "required", params: { missingProperty: "cores" }, message: "must have required property 'cores'" };
          if (vErrors === null) {
            vErrors = [err45];
          } else {
            vErrors.push(err45);
          }
          errors++;
        }
        if (data20.memoryBytes === void 0) {
          const err46 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/required", keyword: "required", params: { missingProperty: "memoryBytes" }, message: "must have required property 'memoryBytes'" };
          if (vErrors === null) {
            vErrors = [err46];
          } else {
            vErrors.push(err46);
          }
          errors++;
        }
        if (data20.node === void 0) {
          const err47 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/required", keyword: "required", params: { missingProperty: "node" }, message: "must have required property 'node'" };
          if (vErrors === null) {
            vErrors = [err47];
          } else {
            vErrors.push(err47);
          }
          errors++;
        }
        for (const key4 in data20) {
          if (!(key4 === "platform" || key4 === "arch" || key4 === "cpu" || key4 === "cores" || key4 === "memoryBytes" || key4 === "node" || key4 === "host")) {
            const err48 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err48];
            } else {
              vErrors.push(err48);
            }
            errors++;
          }
        }
        if (data20.platform !== void 0) {
          if (typeof data20.platform !== "string") {
            const err49 = { instancePath: instancePath + "/environment/platform", schemaPath: "#/definitions/Environment/properties/platform/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err49];
            } else {
              vErrors.push(err49);
            }
            errors++;
          }
        }
        if (data20.arch !== void 0) {
          if (typeof data20.arch !== "string") {
            const err50 = { instancePath: instancePath + "/environment/arch", schemaPath: "#/definitions/Environment/properties/arch/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
        }
        if (data20.cpu !== void 0) {
          if (typeof data20.cpu !== "string") {
            const err51 = { instancePath: instancePath + "/environment/cpu", schemaPath: "#/definitions/Environment/properties/cpu/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err51];
            } else {
              vErrors.push(err51);
            }
            errors++;
          }
        }
        if (data20.cores !== void 0) {
          let data24 = data20.cores;
          if (!(typeof data24 == "number" && (!(data24 % 1) && !isNaN(data24)) && isFinite(data24))) {
            const err52 = { instancePath: instancePath + "/environment/cores", schemaPath: "#/definitions/Environment/properties/cores/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err52];
            } else {
              vErrors.push(err52);
            }
            errors++;
          }
        }
        if (data20.memoryBytes !== void 0) {
          let data25 = data20.memoryBytes;
          if (!(typeof data25 == "number" && (!(data25 % 1) && !isNaN(data25)) && isFinite(data25))) {
            const err53 = { instancePath: instancePath + "/environment/memoryBytes", schemaPath: "#/definitions/Environment/properties/memoryBytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err53];
            } else {
              vErrors.push(err53);
            }
            errors++;
          }
        }
        if (data20.node !== void 0) {
          if (typeof data20.node !== "string") {
            const err54 = { instancePath: instancePath + "/environment/node", schemaPath: "#/definitions/Environment/properties/node/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err54];
            } else {
              vErrors.push(err54);
            }
            errors++;
          }
        }
        if (data20.host !== void 0) {
          if (typeof data20.host !== "string") {
            const err55 = { instancePath: instancePath + "/environment/host", schemaPath: "#/definitions/Environment/properties/host/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err55];
            } else {
              vErrors.push(err55);
            }
            errors++;
          }
        }
      } else {
        const err56 = { instancePath: instancePath + "/environment", schemaPath: "#/definitions/Environment/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err56];
        } else {
          vErrors.push(err56);
        }
        errors++;
      }
    }
    if (data.attempts !== void 0) {
      let data28 = data.attempts;
      if (!(typeof data28 == "number" && (!(data28 % 1) && !isNaN(data28)) && isFinite(data28))) {
        const err57 = { instancePath: instancePath + "/attempts", schemaPath: "#/properties/attempts/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err57];
        } else {
          vErrors.push(err57);
        }
        errors++;
      }
      if (typeof data28 == "number" && isFinite(data28)) {
        if (data28 < 2 || isNaN(data28)) {
          const err58 = { instancePath: instancePath + "/attempts", schemaPath: "#/properties/attempts/minimum", keyword: "minimum", params: { comparison: ">=", limit: 2 }, message: "must be >= 2" };
          if (vErrors === null) {
            vErrors = [err58];
          } else {
            vErrors.push(err58);
          }
          errors++;
        }
      }
    }
    if (data.watched !== void 0) {
      let data29 = data.watched;
      if (data29 && typeof data29 == "object" && !Array.isArray(data29)) {
        if (data29.by === void 0) {
          const err59 = { instancePath: instancePath + "/watched", schemaPath: "#/definitions/Watched/required", keyword: "required", params: { missingProperty: "by" }, message: "must have required property 'by'" };
          if (vErrors === null) {
            vErrors = [err59];
          } else {
            vErrors.push(err59);
          }
          errors++;
        }
        if (data29.undeclaredReads === void 0) {
          const err60 = { instancePath: instancePath + "/watched", schemaPath: "#/definitions/Watched/required", keyword: "required", params: { missingProperty: "undeclaredReads" }, message: "must have required property 'undeclaredReads'" };
          if (vErrors === null) {
            vErrors = [err60];
          } else {
            vErrors.push(err60);
          }
          errors++;
        }
        if (data29.foreignWrites === void 0) {
          const err61 = { instancePath: instancePath + "/watched", schemaPath: "#/definitions/Watched/required", keyword: "required", params: { missingProperty: "foreignWrites" }, message: "must have required property 'foreignWrites'" };
          if (vErrors === null) {
            vErrors = [err61];
          } else {
            vErrors.push(err61);
          }
          errors++;
        }
        for (const key5 in data29) {
          if (!(key5 === "by" || key5 === "undeclaredReads" || key5 === "foreignWrites")) {
            const err62 = { instancePath: instancePath + "/watched", schemaPath: "#/definitions/Watched/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err62];
            } else {
              vErrors.push(err62);
            }
            errors++;
          }
        }
        if (data29.by !== void 0) {
          let data30 = data29.by;
          if (Array.isArray(data30)) {
            const len0 = data30.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data31 = data30[i0];
              if (!(data31 === "permissions" || data31 === "trace")) {
                const err63 = { instancePath: instancePath + "/watched/by/" + i0, schemaPath: "#/definitions/Watched/properties/by/items/enum", keyword: "enum", params: { allowedValues: schema89.properties.by.items.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err63];
                } else {
                  vErrors.push(err63);
                }
                errors++;
              }
            }
          } else {
            const err64 = { instancePath: instancePath + "/watched/by", schemaPath: "#/definitions/Watched/properties/by/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err64];
            } else {
              vErrors.push(err64);
            }
            errors++;
          }
        }
        if (data29.undeclaredReads !== void 0) {
          let data32 = data29.undeclaredReads;
          if (Array.isArray(data32)) {
            const len1 = data32.length;
            for (let i1 = 0; i1 < len1; i1++) {
              if (typeof data32[i1] !== "string") {
                const err65 = { instancePath: instancePath + "/watched/undeclaredReads/" + i1, schemaPath: "#/definitions/Watched/properties/undeclaredReads/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err65];
                } else {
                  vErrors.push(err65);
                }
                errors++;
              }
            }
          } else {
            const err66 = { instancePath: instancePath + "/watched/undeclaredReads", schemaPath: "#/definitions/Watched/properties/undeclaredReads/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err66];
            } else {
              vErrors.push(err66);
            }
            errors++;
          }
        }
        if (data29.foreignWrites !== void 0) {
          let data34 = data29.foreignWrites;
          if (Array.isArray(data34)) {
            const len2 = data34.length;
            for (let i2 = 0; i2 < len2; i2++) {
              if (typeof data34[i2] !== "string") {
                const err67 = { instancePath: instancePath + "/watched/foreignWrites/" + i2, schemaPath: "#/definitions/Watched/properties/foreignWrites/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err67];
                } else {
                  vErrors.push(err67);
                }
                errors++;
              }
            }
          } else {
            const err68 = { instancePath: instancePath + "/watched/foreignWrites", schemaPath: "#/definitions/Watched/properties/foreignWrites/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err68];
            } else {
              vErrors.push(err68);
            }
            errors++;
          }
        }
      } else {
        const err69 = { instancePath: instancePath + "/watched", schemaPath: "#/definitions/Watched/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err69];
        } else {
          vErrors.push(err69);
        }
        errors++;
      }
    }
    if (data.job !== void 0) {
      let data36 = data.job;
      if (data36 && typeof data36 == "object" && !Array.isArray(data36)) {
        if (data36.executor === void 0) {
          const err70 = { instancePath: instancePath + "/job", schemaPath: "#/definitions/Job/required", keyword: "required", params: { missingProperty: "executor" }, message: "must have required property 'executor'" };
          if (vErrors === null) {
            vErrors = [err70];
          } else {
            vErrors.push(err70);
          }
          errors++;
        }
        if (data36.id === void 0) {
          const err71 = { instancePath: instancePath + "/job", schemaPath: "#/definitions/Job/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'" };
          if (vErrors === null) {
            vErrors = [err71];
          } else {
            vErrors.push(err71);
          }
          errors++;
        }
        if (data36.host === void 0) {
          const err72 = { instancePath: instancePath + "/job", schemaPath: "#/definitions/Job/required", keyword: "required", params: { missingProperty: "host" }, message: "must have required property 'host'" };
          if (vErrors === null) {
            vErrors = [err72];
          } else {
            vErrors.push(err72);
          }
          errors++;
        }
        if (data36.queuedSeconds === void 0) {
          const err73 = { instancePath: instancePath + "/job", schemaPath: "#/definitions/Job/required", keyword: "required", params: { missingProperty: "queuedSeconds" }, message: "must have required property 'queuedSeconds'" };
          if (vErrors === null) {
            vErrors = [err73];
          } else {
            vErrors.push(err73);
          }
          errors++;
        }
        for (const key6 in data36) {
          if (!(key6 === "executor" || key6 === "id" || key6 === "host" || key6 === "queuedSeconds")) {
            const err74 = { instancePath: instancePath + "/job", schemaPath: "#/definitions/Job/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err74];
            } else {
              vErrors.push(err74);
            }
            errors++;
          }
        }
        if (data36.executor !== void 0) {
          if (typeof data36.executor !== "string") {
            const err75 = { instancePath: instancePath + "/job/executor", schemaPath: "#/definitions/Job/properties/executor/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err75];
            } else {
              vErrors.push(err75);
            }
            errors++;
          }
        }
        if (data36.id !== void 0) {
          if (typeof data36.id !== "string") {
            const err76 = { instancePath: instancePath + "/job/id", schemaPath: "#/definitions/Job/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err76];
            } else {
              vErrors.push(err76);
            }
            errors++;
          }
        }
        if (data36.host !== void 0) {
          if (typeof data36.host !== "string") {
            const err77 = { instancePath: instancePath + "/job/host", schemaPath: "#/definitions/Job/properties/host/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err77];
            } else {
              vErrors.push(err77);
            }
            errors++;
          }
        }
        if (data36.queuedSeconds !== void 0) {
          let data40 = data36.queuedSeconds;
          if (typeof data40 == "number" && isFinite(data40)) {
            if (data40 < 0 || isNaN(data40)) {
              const err78 = { instancePath: instancePath + "/job/queuedSeconds", schemaPath: "#/definitions/Job/properties/queuedSeconds/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err78];
              } else {
                vErrors.push(err78);
              }
              errors++;
            }
          } else {
            const err79 = { instancePath: instancePath + "/job/queuedSeconds", schemaPath: "#/definitions/Job/properties/queuedSeconds/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err79];
            } else {
              vErrors.push(err79);
            }
            errors++;
          }
        }
      } else {
        const err80 = { instancePath: instancePath + "/job", schemaPath: "#/definitions/Job/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err80];
        } else {
          vErrors.push(err80);
        }
        errors++;
      }
    }
    if (data.facts !== void 0) {
      let data41 = data.facts;
      if (data41 && typeof data41 == "object" && !Array.isArray(data41)) {
        for (const key7 in data41) {
          if (typeof data41[key7] !== "string") {
            const err81 = { instancePath: instancePath + "/facts/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/facts/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err81];
            } else {
              vErrors.push(err81);
            }
            errors++;
          }
        }
      } else {
        const err82 = { instancePath: instancePath + "/facts", schemaPath: "#/properties/facts/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err82];
        } else {
          vErrors.push(err82);
        }
        errors++;
      }
    }
  } else {
    const err83 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err83];
    } else {
      vErrors.push(err83);
    }
    errors++;
  }
  validate54.errors = vErrors;
  return errors === 0;
}
function validate63(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.id === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.stage === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stage" }, message: "must have required property 'stage'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.cell === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "cell" }, message: "must have required property 'cell'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.status === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "status" }, message: "must have required property 'status'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.dependsOn === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "dependsOn" }, message: "must have required property 'dependsOn'" };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema95.properties, key0)) {
        const err5 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.id !== void 0) {
      if (typeof data.id !== "string") {
        const err6 = { instancePath: instancePath + "/id", schemaPath: "#/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.stage !== void 0) {
      if (typeof data.stage !== "string") {
        const err7 = { instancePath: instancePath + "/stage", schemaPath: "#/properties/stage/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.was !== void 0) {
      if (typeof data.was !== "string") {
        const err8 = { instancePath: instancePath + "/was", schemaPath: "#/properties/was/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.cell !== void 0) {
      let data3 = data.cell;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        for (const key1 in data3) {
          let data4 = data3[key1];
          if (typeof data4 !== "string" && !(typeof data4 == "number" && isFinite(data4)) && typeof data4 !== "boolean") {
            const err9 = { instancePath: instancePath + "/cell/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/cell/additionalProperties/type", keyword: "type", params: { type: schema95.properties.cell.additionalProperties.type }, message: "must be string,number,boolean" };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
      } else {
        const err10 = { instancePath: instancePath + "/cell", schemaPath: "#/properties/cell/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.status !== void 0) {
      let data5 = data.status;
      if (!(data5 === "computed" || data5 === "restored" || data5 === "failed" || data5 === "blocked" || data5 === "cancelled")) {
        const err11 = { instancePath: instancePath + "/status", schemaPath: "#/properties/status/enum", keyword: "enum", params: { allowedValues: schema95.properties.status.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.dependsOn !== void 0) {
      let data6 = data.dependsOn;
      if (Array.isArray(data6)) {
        const len0 = data6.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (typeof data6[i0] !== "string") {
            const err12 = { instancePath: instancePath + "/dependsOn/" + i0, schemaPath: "#/properties/dependsOn/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
      } else {
        const err13 = { instancePath: instancePath + "/dependsOn", schemaPath: "#/properties/dependsOn/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
    if (data.sources !== void 0) {
      let data8 = data.sources;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (const key2 in data8) {
          if (!validate64(data8[key2], { instancePath: instancePath + "/sources/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data8, parentDataProperty: key2, rootData })) {
            vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err14 = { instancePath: instancePath + "/sources", schemaPath: "#/properties/sources/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.record !== void 0) {
      if (!validate54(data.record, { instancePath: instancePath + "/record", parentData: data, parentDataProperty: "record", rootData })) {
        vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
        errors = vErrors.length;
      }
    }
    if (data.published !== void 0) {
      let data11 = data.published;
      if (typeof data11 === "string") {
        if (!pattern45.test(data11)) {
          const err15 = { instancePath: instancePath + "/published", schemaPath: "#/properties/published/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
          if (vErrors === null) {
            vErrors = [err15];
          } else {
            vErrors.push(err15);
          }
          errors++;
        }
      } else {
        const err16 = { instancePath: instancePath + "/published", schemaPath: "#/properties/published/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.audit !== void 0) {
      let data12 = data.audit;
      if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
        if (data12.executions === void 0) {
          const err17 = { instancePath: instancePath + "/audit", schemaPath: "#/definitions/Audit/required", keyword: "required", params: { missingProperty: "executions" }, message: "must have required property 'executions'" };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
        if (data12.failures === void 0) {
          const err18 = { instancePath: instancePath + "/audit", schemaPath: "#/definitions/Audit/required", keyword: "required", params: { missingProperty: "failures" }, message: "must have required property 'failures'" };
          if (vErrors === null) {
            vErrors = [err18];
          } else {
            vErrors.push(err18);
          }
          errors++;
        }
        if (data12.outputs === void 0) {
          const err19 = { instancePath: instancePath + "/audit", schemaPath: "#/definitions/Audit/required", keyword: "required", params: { missingProperty: "outputs" }, message: "must have required property 'outputs'" };
          if (vErrors === null) {
            vErrors = [err19];
          } else {
            vErrors.push(err19);
          }
          errors++;
        }
        if (data12.numbers === void 0) {
          const err20 = { instancePath: instancePath + "/audit", schemaPath: "#/definitions/Audit/required", keyword: "required", params: { missingProperty: "numbers" }, message: "must have required property 'numbers'" };
          if (vErrors === null) {
            vErrors = [err20];
          } else {
            vErrors.push(err20);
          }
          errors++;
        }
        for (const key3 in data12) {
          if (!(key3 === "executions" || key3 === "failures" || key3 === "outputs" || key3 === "numbers")) {
            const err21 = { instancePath: instancePath + "/audit", schemaPath: "#/definitions/Audit/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
        }
        if (data12.executions !== void 0) {
          let data13 = data12.executions;
          if (!(typeof data13 == "number" && (!(data13 % 1) && !isNaN(data13)) && isFinite(data13))) {
            const err22 = { instancePath: instancePath + "/audit/executions", schemaPath: "#/definitions/Audit/properties/executions/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
          if (typeof data13 == "number" && isFinite(data13)) {
            if (data13 < 1 || isNaN(data13)) {
              const err23 = { instancePath: instancePath + "/audit/executions", schemaPath: "#/definitions/Audit/properties/executions/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          }
        }
        if (data12.failures !== void 0) {
          let data14 = data12.failures;
          if (!(typeof data14 == "number" && (!(data14 % 1) && !isNaN(data14)) && isFinite(data14))) {
            const err24 = { instancePath: instancePath + "/audit/failures", schemaPath: "#/definitions/Audit/properties/failures/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
          if (typeof data14 == "number" && isFinite(data14)) {
            if (data14 < 0 || isNaN(data14)) {
              const err25 = { instancePath: instancePath + "/audit/failures", schemaPath: "#/definitions/Audit/properties/failures/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
          }
        }
        if (data12.outputs !== void 0) {
          let data15 = data12.outputs;
          if (data15 && typeof data15 == "object" && !Array.isArray(data15)) {
            for (const key4 in data15) {
              let data16 = data15[key4];
              if (!(data16 === "bitwise" || data16 === "unstable")) {
                const err26 = { instancePath: instancePath + "/audit/outputs/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Audit/properties/outputs/additionalProperties/enum", keyword: "enum", params: { allowedValues: schema99.properties.outputs.additionalProperties.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err26];
                } else {
                  vErrors.push(err26);
                }
                errors++;
              }
            }
          } else {
            const err27 = { instancePath: instancePath + "/audit/outputs", schemaPath: "#/definitions/Audit/properties/outputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
        }
        if (data12.numbers !== void 0) {
          let data17 = data12.numbers;
          if (data17 && typeof data17 == "object" && !Array.isArray(data17)) {
            for (const key5 in data17) {
              let data18 = data17[key5];
              if (data18 && typeof data18 == "object" && !Array.isArray(data18)) {
                if (data18.class === void 0) {
                  const err28 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/required", keyword: "required", params: { missingProperty: "class" }, message: "must have required property 'class'" };
                  if (vErrors === null) {
                    vErrors = [err28];
                  } else {
                    vErrors.push(err28);
                  }
                  errors++;
                }
                if (data18.min === void 0) {
                  const err29 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/required", keyword: "required", params: { missingProperty: "min" }, message: "must have required property 'min'" };
                  if (vErrors === null) {
                    vErrors = [err29];
                  } else {
                    vErrors.push(err29);
                  }
                  errors++;
                }
                if (data18.max === void 0) {
                  const err30 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/required", keyword: "required", params: { missingProperty: "max" }, message: "must have required property 'max'" };
                  if (vErrors === null) {
                    vErrors = [err30];
                  } else {
                    vErrors.push(err30);
                  }
                  errors++;
                }
                for (const key6 in data18) {
                  if (!(key6 === "class" || key6 === "min" || key6 === "max")) {
                    const err31 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 }, message: "must NOT have additional properties" };
                    if (vErrors === null) {
                      vErrors = [err31];
                    } else {
                      vErrors.push(err31);
                    }
                    errors++;
                  }
                }
                if (data18.class !== void 0) {
                  let data19 = data18.class;
                  if (!(data19 === "bitwise" || data19 === "within-error" || data19 === "unstable")) {
                    const err32 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1") + "/class", schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/properties/class/enum", keyword: "enum", params: { allowedValues: schema99.properties.numbers.additionalProperties.properties.class.enum }, message: "must be equal to one of the allowed values" };
                    if (vErrors === null) {
                      vErrors = [err32];
                    } else {
                      vErrors.push(err32);
                    }
                    errors++;
                  }
                }
                if (data18.min !== void 0) {
                  let data20 = data18.min;
                  if (!(typeof data20 == "number" && isFinite(data20))) {
                    const err33 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1") + "/min", schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/properties/min/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                    if (vErrors === null) {
                      vErrors = [err33];
                    } else {
                      vErrors.push(err33);
                    }
                    errors++;
                  }
                }
                if (data18.max !== void 0) {
                  let data21 = data18.max;
                  if (!(typeof data21 == "number" && isFinite(data21))) {
                    const err34 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1") + "/max", schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/properties/max/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                    if (vErrors === null) {
                      vErrors = [err34];
                    } else {
                      vErrors.push(err34);
                    }
                    errors++;
                  }
                }
              } else {
                const err35 = { instancePath: instancePath + "/audit/numbers/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Audit/properties/numbers/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err35];
                } else {
                  vErrors.push(err35);
                }
                errors++;
              }
            }
          } else {
            const err36 = { instancePath: instancePath + "/audit/numbers", schemaPath: "#/definitions/Audit/properties/numbers/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
        }
      } else {
        const err37 = { instancePath: instancePath + "/audit", schemaPath: "#/definitions/Audit/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err37];
        } else {
          vErrors.push(err37);
        }
        errors++;
      }
    }
    if (data.error !== void 0) {
      let data22 = data.error;
      if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
        if (data22.code === void 0) {
          const err38 = { instancePath: instancePath + "/error", schemaPath: "#/properties/error/required", keyword: "required", params: { missingProperty: "code" }, message: "must have required property 'code'" };
          if (vErrors === null) {
            vErrors = [err38];
          } else {
            vErrors.push(err38);
          }
          errors++;
        }
        if (data22.message === void 0) {
          const err39 = { instancePath: instancePath + "/error", schemaPath: "#/properties/error/required", keyword: "required", params: { missingProperty: "message" }, message: "must have required property 'message'" };
          if (vErrors === null) {
            vErrors = [err39];
          } else {
            vErrors.push(err39);
          }
          errors++;
        }
        for (const key7 in data22) {
          if (!(key7 === "code" || key7 === "message")) {
            const err40 = { instancePath: instancePath + "/error", schemaPath: "#/properties/error/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err40];
            } else {
              vErrors.push(err40);
            }
            errors++;
          }
        }
        if (data22.code !== void 0) {
          if (typeof data22.code !== "string") {
            const err41 = { instancePath: instancePath + "/error/code", schemaPath: "#/properties/error/properties/code/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
        }
        if (data22.message !== void 0) {
          if (typeof data22.message !== "string") {
            const err42 = { instancePath: instancePath + "/error/message", schemaPath: "#/properties/error/properties/message/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err42];
            } else {
              vErrors.push(err42);
            }
            errors++;
          }
        }
      } else {
        const err43 = { instancePath: instancePath + "/error", schemaPath: "#/properties/error/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err43];
        } else {
          vErrors.push(err43);
        }
        errors++;
      }
    }
  } else {
    const err44 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err44];
    } else {
      vErrors.push(err44);
    }
    errors++;
  }
  validate63.errors = vErrors;
  return errors === 0;
}
function validate68(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.address === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "address" }, message: "must have required property 'address'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.stage === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stage" }, message: "must have required property 'stage'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.name === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.number === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "number" }, message: "must have required property 'number'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.closure === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "closure" }, message: "must have required property 'closure'" };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "address" || key0 === "stage" || key0 === "name" || key0 === "number" || key0 === "closure")) {
        const err5 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.address !== void 0) {
      if (typeof data.address !== "string") {
        const err6 = { instancePath: instancePath + "/address", schemaPath: "#/properties/address/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.stage !== void 0) {
      if (typeof data.stage !== "string") {
        const err7 = { instancePath: instancePath + "/stage", schemaPath: "#/properties/stage/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      if (typeof data.name !== "string") {
        const err8 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.number !== void 0) {
      let data3 = data.number;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        if (data3.value === void 0) {
          const err9 = { instancePath: instancePath + "/number", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "value" }, message: "must have required property 'value'" };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        if (data3.unit === void 0) {
          const err10 = { instancePath: instancePath + "/number", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "unit" }, message: "must have required property 'unit'" };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
        if (data3.kind === void 0) {
          const err11 = { instancePath: instancePath + "/number", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "kind" }, message: "must have required property 'kind'" };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
        for (const key1 in data3) {
          if (!(key1 === "value" || key1 === "unit" || key1 === "kind" || key1 === "n" || key1 === "standardError" || key1 === "better" || key1 === "note")) {
            const err12 = { instancePath: instancePath + "/number", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data3.value !== void 0) {
          let data4 = data3.value;
          if (!(typeof data4 == "number" && isFinite(data4))) {
            const err13 = { instancePath: instancePath + "/number/value", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/value/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data3.unit !== void 0) {
          let data5 = data3.unit;
          if (typeof data5 === "string") {
            if (func2(data5) > 40) {
              const err14 = { instancePath: instancePath + "/number/unit", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/unit/maxLength", keyword: "maxLength", params: { limit: 40 }, message: "must NOT have more than 40 characters" };
              if (vErrors === null) {
                vErrors = [err14];
              } else {
                vErrors.push(err14);
              }
              errors++;
            }
          } else {
            const err15 = { instancePath: instancePath + "/number/unit", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/unit/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
        if (data3.kind !== void 0) {
          let data6 = data3.kind;
          if (!(data6 === "exact" || data6 === "estimate" || data6 === "upper-bound" || data6 === "timing")) {
            const err16 = { instancePath: instancePath + "/number/kind", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/kind/enum", keyword: "enum", params: { allowedValues: schema84.properties.kind.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        if (data3.n !== void 0) {
          let data7 = data3.n;
          if (!(typeof data7 == "number" && (!(data7 % 1) && !isNaN(data7)) && isFinite(data7))) {
            const err17 = { instancePath: instancePath + "/number/n", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/n/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
          if (typeof data7 == "number" && isFinite(data7)) {
            if (data7 < 1 || isNaN(data7)) {
              const err18 = { instancePath: instancePath + "/number/n", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/n/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
          }
        }
        if (data3.standardError !== void 0) {
          let data8 = data3.standardError;
          if (typeof data8 == "number" && isFinite(data8)) {
            if (data8 < 0 || isNaN(data8)) {
              const err19 = { instancePath: instancePath + "/number/standardError", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/standardError/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err19];
              } else {
                vErrors.push(err19);
              }
              errors++;
            }
          } else {
            const err20 = { instancePath: instancePath + "/number/standardError", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/standardError/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
        if (data3.better !== void 0) {
          let data9 = data3.better;
          if (!(data9 === "lower" || data9 === "higher" || data9 === "none")) {
            const err21 = { instancePath: instancePath + "/number/better", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/better/enum", keyword: "enum", params: { allowedValues: schema84.properties.better.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
        }
        if (data3.note !== void 0) {
          let data10 = data3.note;
          if (typeof data10 === "string") {
            if (func2(data10) > 400) {
              const err22 = { instancePath: instancePath + "/number/note", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/note/maxLength", keyword: "maxLength", params: { limit: 400 }, message: "must NOT have more than 400 characters" };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          } else {
            const err23 = { instancePath: instancePath + "/number/note", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/properties/note/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
        }
      } else {
        const err24 = { instancePath: instancePath + "/number", schemaPath: "numbers.schema.json#/definitions/ReportedNumber/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err24];
        } else {
          vErrors.push(err24);
        }
        errors++;
      }
    }
    if (data.closure !== void 0) {
      let data11 = data.closure;
      if (typeof data11 === "string") {
        if (!pattern46.test(data11)) {
          const err25 = { instancePath: instancePath + "/closure", schemaPath: "record.schema.json#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
          if (vErrors === null) {
            vErrors = [err25];
          } else {
            vErrors.push(err25);
          }
          errors++;
        }
      } else {
        const err26 = { instancePath: instancePath + "/closure", schemaPath: "record.schema.json#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err26];
        } else {
          vErrors.push(err26);
        }
        errors++;
      }
    }
  } else {
    const err27 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err27];
    } else {
      vErrors.push(err27);
    }
    errors++;
  }
  validate68.errors = vErrors;
  return errors === 0;
}
var schema103 = { "type": "object", "required": ["name", "number", "verdict", "measured"], "additionalProperties": false, "properties": { "name": { "type": "string" }, "number": { "type": "string" }, "min": { "type": "number" }, "max": { "type": "number" }, "verdict": { "enum": ["PASS", "FAIL", "INCONCLUSIVE", "UNMEASURED"] }, "measured": { "type": "array", "items": { "type": "object", "required": ["address", "value"], "additionalProperties": false, "properties": { "address": { "type": "string" }, "value": { "type": "number" }, "reference": { "type": "number", "markdownDescription": "The middle of a band." }, "tolerance": { "type": "number", "markdownDescription": "Half the width of a band, in the number's unit." } } } }, "reference": { "type": "object", "markdownDescription": "The manifest in the middle of a band; without digest and run where it could not be read.", "required": ["path", "tolerance"], "additionalProperties": false, "properties": { "path": { "type": "string", "pattern": "^[^\\u0000]*$" }, "digest": { "$ref": "record.schema.json#/definitions/Digest" }, "run": { "type": "string" }, "tolerance": { "$ref": "pipeline.schema.json#/definitions/Tolerance" } } }, "test": { "$ref": "#/definitions/GateTest" }, "reason": { "type": "string" }, "warning": { "type": "string", "markdownDescription": "Why the gate may be harder or easier than it looks, whatever its verdict." } } };
var schema106 = { "type": "object", "markdownDescription": "A test over replicates that the number is worse than another by less than a margin.", "required": ["against", "margin", "level"], "additionalProperties": false, "properties": { "against": { "type": ["number", "string"] }, "margin": { "type": "number" }, "level": { "type": "number" }, "better": { "enum": ["lower", "higher"] }, "result": { "type": "object", "required": ["paired", "difference", "standardError", "degreesOfFreedom", "p", "corrected", "tests"], "additionalProperties": false, "properties": { "paired": { "type": "boolean", "markdownDescription": "Whether replicates were compared one by one." }, "difference": { "type": "number", "markdownDescription": "Mean of the number less that of the other." }, "standardError": { "type": "number" }, "degreesOfFreedom": { "type": "number" }, "p": { "type": "number", "markdownDescription": "Probability of so good a result were it worse by the margin." }, "corrected": { "type": "number", "markdownDescription": "The same after Holm's correction." }, "tests": { "type": "integer", "markdownDescription": "Over how many tests of the run it is corrected." } } } } };
function validate70(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.number === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "number" }, message: "must have required property 'number'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.verdict === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "verdict" }, message: "must have required property 'verdict'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.measured === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "measured" }, message: "must have required property 'measured'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema103.properties, key0)) {
        const err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      if (typeof data.name !== "string") {
        const err5 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.number !== void 0) {
      if (typeof data.number !== "string") {
        const err6 = { instancePath: instancePath + "/number", schemaPath: "#/properties/number/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.min !== void 0) {
      let data2 = data.min;
      if (!(typeof data2 == "number" && isFinite(data2))) {
        const err7 = { instancePath: instancePath + "/min", schemaPath: "#/properties/min/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.max !== void 0) {
      let data3 = data.max;
      if (!(typeof data3 == "number" && isFinite(data3))) {
        const err8 = { instancePath: instancePath + "/max", schemaPath: "#/properties/max/type", keyword: "type", params: { type: "number" }, message: "must be number" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.verdict !== void 0) {
      let data4 = data.verdict;
      if (!(data4 === "PASS" || data4 === "FAIL" || data4 === "INCONCLUSIVE" || data4 === "UNMEASURED")) {
        const err9 = { instancePath: instancePath + "/verdict", schemaPath: "#/properties/verdict/enum", keyword: "enum", params: { allowedValues: schema103.properties.verdict.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.measured !== void 0) {
      let data5 = data.measured;
      if (Array.isArray(data5)) {
        const len0 = data5.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data6 = data5[i0];
          if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
            if (data6.address === void 0) {
              const err10 = { instancePath: instancePath + "/measured/" + i0, schemaPath: "#/properties/measured/items/required", keyword: "required", params: { missingProperty: "address" }, message: "must have required property 'address'" };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            }
            if (data6.value === void 0) {
              const err11 = { instancePath: instancePath + "/measured/" + i0, schemaPath: "#/properties/measured/items/required", keyword: "required", params: { missingProperty: "value" }, message: "must have required property 'value'" };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
            }
            for (const key1 in data6) {
              if (!(key1 === "address" || key1 === "value" || key1 === "reference" || key1 === "tolerance")) {
                const err12 = { instancePath: instancePath + "/measured/" + i0, schemaPath: "#/properties/measured/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err12];
                } else {
                  vErrors.push(err12);
                }
                errors++;
              }
            }
            if (data6.address !== void 0) {
              if (typeof data6.address !== "string") {
                const err13 = { instancePath: instancePath + "/measured/" + i0 + "/address", schemaPath: "#/properties/measured/items/properties/address/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err13];
                } else {
                  vErrors.push(err13);
                }
                errors++;
              }
            }
            if (data6.value !== void 0) {
              let data8 = data6.value;
              if (!(typeof data8 == "number" && isFinite(data8))) {
                const err14 = { instancePath: instancePath + "/measured/" + i0 + "/value", schemaPath: "#/properties/measured/items/properties/value/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err14];
                } else {
                  vErrors.push(err14);
                }
                errors++;
              }
            }
            if (data6.reference !== void 0) {
              let data9 = data6.reference;
              if (!(typeof data9 == "number" && isFinite(data9))) {
                const err15 = { instancePath: instancePath + "/measured/" + i0 + "/reference", schemaPath: "#/properties/measured/items/properties/reference/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err15];
                } else {
                  vErrors.push(err15);
                }
                errors++;
              }
            }
            if (data6.tolerance !== void 0) {
              let data10 = data6.tolerance;
              if (!(typeof data10 == "number" && isFinite(data10))) {
                const err16 = { instancePath: instancePath + "/measured/" + i0 + "/tolerance", schemaPath: "#/properties/measured/items/properties/tolerance/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err16];
                } else {
                  vErrors.push(err16);
                }
                errors++;
              }
            }
          } else {
            const err17 = { instancePath: instancePath + "/measured/" + i0, schemaPath: "#/properties/measured/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
        }
      } else {
        const err18 = { instancePath: instancePath + "/measured", schemaPath: "#/properties/measured/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
    }
    if (data.reference !== void 0) {
      let data11 = data.reference;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        if (data11.path === void 0) {
          const err19 = { instancePath: instancePath + "/reference", schemaPath: "#/properties/reference/required", keyword: "required", params: { missingProperty: "path" }, message: "must have required property 'path'" };
          if (vErrors === null) {
            vErrors = [err19];
          } else {
            vErrors.push(err19);
          }
          errors++;
        }
        if (data11.tolerance === void 0) {
          const err20 = { instancePath: instancePath + "/reference", schemaPath: "#/properties/reference/required", keyword: "required", params: { missingProperty: "tolerance" }, message: "must have required property 'tolerance'" };
          if (vErrors === null) {
            vErrors = [err20];
          } else {
            vErrors.push(err20);
          }
          errors++;
        }
        for (const key2 in data11) {
          if (!(key2 === "path" || key2 === "digest" || key2 === "run" || key2 === "tolerance")) {
            const err21 = { instancePath: instancePath + "/reference", schemaPath: "#/properties/reference/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
        }
        if (data11.path !== void 0) {
          let data12 = data11.path;
          if (typeof data12 === "string") {
            if (!pattern45.test(data12)) {
              const err22 = { instancePath: instancePath + "/reference/path", schemaPath: "#/properties/reference/properties/path/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          } else {
            const err23 = { instancePath: instancePath + "/reference/path", schemaPath: "#/properties/reference/properties/path/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
        }
        if (data11.digest !== void 0) {
          let data13 = data11.digest;
          if (typeof data13 === "string") {
            if (!pattern46.test(data13)) {
              const err24 = { instancePath: instancePath + "/reference/digest", schemaPath: "record.schema.json#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
              if (vErrors === null) {
                vErrors = [err24];
              } else {
                vErrors.push(err24);
              }
              errors++;
            }
          } else {
            const err25 = { instancePath: instancePath + "/reference/digest", schemaPath: "record.schema.json#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
        }
        if (data11.run !== void 0) {
          if (typeof data11.run !== "string") {
            const err26 = { instancePath: instancePath + "/reference/run", schemaPath: "#/properties/reference/properties/run/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          }
        }
        if (data11.tolerance !== void 0) {
          let data15 = data11.tolerance;
          if (data15 && typeof data15 == "object" && !Array.isArray(data15)) {
            if (Object.keys(data15).length > 1) {
              const err27 = { instancePath: instancePath + "/reference/tolerance", schemaPath: "pipeline.schema.json#/definitions/Tolerance/maxProperties", keyword: "maxProperties", params: { limit: 1 }, message: "must NOT have more than 1 properties" };
              if (vErrors === null) {
                vErrors = [err27];
              } else {
                vErrors.push(err27);
              }
              errors++;
            }
            if (Object.keys(data15).length < 1) {
              const err28 = { instancePath: instancePath + "/reference/tolerance", schemaPath: "pipeline.schema.json#/definitions/Tolerance/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
            for (const key3 in data15) {
              if (!(key3 === "absolute" || key3 === "relative" || key3 === "standardErrors")) {
                const err29 = { instancePath: instancePath + "/reference/tolerance", schemaPath: "pipeline.schema.json#/definitions/Tolerance/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err29];
                } else {
                  vErrors.push(err29);
                }
                errors++;
              }
            }
            if (data15.absolute !== void 0) {
              let data16 = data15.absolute;
              if (typeof data16 == "number" && isFinite(data16)) {
                if (data16 < 0 || isNaN(data16)) {
                  const err30 = { instancePath: instancePath + "/reference/tolerance/absolute", schemaPath: "pipeline.schema.json#/definitions/Tolerance/properties/absolute/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
                  if (vErrors === null) {
                    vErrors = [err30];
                  } else {
                    vErrors.push(err30);
                  }
                  errors++;
                }
              } else {
                const err31 = { instancePath: instancePath + "/reference/tolerance/absolute", schemaPath: "pipeline.schema.json#/definitions/Tolerance/properties/absolute/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err31];
                } else {
                  vErrors.push(err31);
                }
                errors++;
              }
            }
            if (data15.relative !== void 0) {
              let data17 = data15.relative;
              if (typeof data17 == "number" && isFinite(data17)) {
                if (data17 < 0 || isNaN(data17)) {
                  const err32 = { instancePath: instancePath + "/reference/tolerance/relative", schemaPath: "pipeline.schema.json#/definitions/Tolerance/properties/relative/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
                  if (vErrors === null) {
                    vErrors = [err32];
                  } else {
                    vErrors.push(err32);
                  }
                  errors++;
                }
              } else {
                const err33 = { instancePath: instancePath + "/reference/tolerance/relative", schemaPath: "pipeline.schema.json#/definitions/Tolerance/properties/relative/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err33];
                } else {
                  vErrors.push(err33);
                }
                errors++;
              }
            }
            if (data15.standardErrors !== void 0) {
              let data18 = data15.standardErrors;
              if (typeof data18 == "number" && isFinite(data18)) {
                if (data18 < 0 || isNaN(data18)) {
                  const err34 = { instancePath: instancePath + "/reference/tolerance/standardErrors", schemaPath: "pipeline.schema.json#/definitions/Tolerance/properties/standardErrors/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
                  if (vErrors === null) {
                    vErrors = [err34];
                  } else {
                    vErrors.push(err34);
                  }
                  errors++;
                }
              } else {
                const err35 = { instancePath: instancePath + "/reference/tolerance/standardErrors", schemaPath: "pipeline.schema.json#/definitions/Tolerance/properties/standardErrors/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err35];
                } else {
                  vErrors.push(err35);
                }
                errors++;
              }
            }
          } else {
            const err36 = { instancePath: instancePath + "/reference/tolerance", schemaPath: "pipeline.schema.json#/definitions/Tolerance/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
        }
      } else {
        const err37 = { instancePath: instancePath + "/reference", schemaPath: "#/properties/reference/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err37];
        } else {
          vErrors.push(err37);
        }
        errors++;
      }
    }
    if (data.test !== void 0) {
      let data19 = data.test;
      if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
        if (data19.against === void 0) {
          const err38 = { instancePath: instancePath + "/test", schemaPath: "#/definitions/GateTest/required", keyword: "required", params: { missingProperty: "against" }, message: "must have required property 'against'" };
          if (vErrors === null) {
            vErrors = [err38];
          } else {
            vErrors.push(err38);
          }
          errors++;
        }
        if (data19.margin === void 0) {
          const err39 = { instancePath: instancePath + "/test", schemaPath: "#/definitions/GateTest/required", keyword: "required", params: { missingProperty: "margin" }, message: "must have required property 'margin'" };
          if (vErrors === null) {
            vErrors = [err39];
          } else {
            vErrors.push(err39);
          }
          errors++;
        }
        if (data19.level === void 0) {
          const err40 = { instancePath: instancePath + "/test", schemaPath: "#/definitions/GateTest/required", keyword: "required", params: { missingProperty: "level" }, message: "must have required property 'level'" };
          if (vErrors === null) {
            vErrors = [err40];
          } else {
            vErrors.push(err40);
          }
          errors++;
        }
        for (const key4 in data19) {
          if (!(key4 === "against" || key4 === "margin" || key4 === "level" || key4 === "better" || key4 === "result")) {
            const err41 = { instancePath: instancePath + "/test", schemaPath: "#/definitions/GateTest/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
        }
        if (data19.against !== void 0) {
          let data20 = data19.against;
          if (!(typeof data20 == "number" && isFinite(data20)) && typeof data20 !== "string") {
            const err42 = { instancePath: instancePath + "/test/against", schemaPath: "#/definitions/GateTest/properties/against/type", keyword: "type", params: { type: schema106.properties.against.type }, message: "must be number,string" };
            if (vErrors === null) {
              vErrors = [err42];
            } else {
              vErrors.push(err42);
            }
            errors++;
          }
        }
        if (data19.margin !== void 0) {
          let data21 = data19.margin;
          if (!(typeof data21 == "number" && isFinite(data21))) {
            const err43 = { instancePath: instancePath + "/test/margin", schemaPath: "#/definitions/GateTest/properties/margin/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err43];
            } else {
              vErrors.push(err43);
            }
            errors++;
          }
        }
        if (data19.level !== void 0) {
          let data22 = data19.level;
          if (!(typeof data22 == "number" && isFinite(data22))) {
            const err44 = { instancePath: instancePath + "/test/level", schemaPath: "#/definitions/GateTest/properties/level/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err44];
            } else {
              vErrors.push(err44);
            }
            errors++;
          }
        }
        if (data19.better !== void 0) {
          let data23 = data19.better;
          if (!(data23 === "lower" || data23 === "higher")) {
            const err45 = { instancePath: instancePath + "/test/better", schemaPath: "#/definitions/GateTest/properties/better/enum", keyword: "enum", params: { allowedValues: schema106.properties.better.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err45];
            } else {
              vErrors.push(err45);
            }
            errors++;
          }
        }
        if (data19.result !== void 0) {
          let data24 = data19.result;
          if (data24 && typeof data24 == "object" && !Array.isArray(data24)) {
            if (data24.paired === void 0) {
              const err46 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "paired" }, message: "must have required property 'paired'" };
              if (vErrors === null) {
                vErrors = [err46];
              } else {
                vErrors.push(err46);
              }
              errors++;
            }
            if (data24.difference === void 0) {
              const err47 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "difference" }, message: "must have required property 'difference'" };
              if (vErrors === null) {
                vErrors = [err47];
              } else {
                vErrors.push(err47);
              }
              errors++;
            }
            if (data24.standardError === void 0) {
              const err48 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "standardError" }, message: "must have required property 'standardError'" };
              if (vErrors === null) {
                vErrors = [err48];
              } else {
                vErrors.push(err48);
              }
              errors++;
            }
            if (data24.degreesOfFreedom === void 0) {
              const err49 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "degreesOfFreedom" }, message: "must have required property 'degreesOfFreedom'" };
              if (vErrors === null) {
                vErrors = [err49];
              } else {
                vErrors.push(err49);
              }
              errors++;
            }
            if (data24.p === void 0) {
              const err50 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "p" }, message: "must have required property 'p'" };
              if (vErrors === null) {
                vErrors = [err50];
              } else {
                vErrors.push(err50);
              }
              errors++;
            }
            if (data24.corrected === void 0) {
              const err51 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "corrected" }, message: "must have required property 'corrected'" };
              if (vErrors === null) {
                vErrors = [err51];
              } else {
                vErrors.push(err51);
              }
              errors++;
            }
            if (data24.tests === void 0) {
              const err52 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/required", keyword: "required", params: { missingProperty: "tests" }, message: "must have required property 'tests'" };
              if (vErrors === null) {
                vErrors = [err52];
              } else {
                vErrors.push(err52);
              }
              errors++;
            }
            for (const key5 in data24) {
              if (!(key5 === "paired" || key5 === "difference" || key5 === "standardError" || key5 === "degreesOfFreedom" || key5 === "p" || key5 === "corrected" || key5 === "tests")) {
                const err53 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err53];
                } else {
                  vErrors.push(err53);
                }
                errors++;
              }
            }
            if (data24.paired !== void 0) {
              if (typeof data24.paired !== "boolean") {
                const err54 = { instancePath: instancePath + "/test/result/paired", schemaPath: "#/definitions/GateTest/properties/result/properties/paired/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
                if (vErrors === null) {
                  vErrors = [err54];
                } else {
                  vErrors.push(err54);
                }
                errors++;
              }
            }
            if (data24.difference !== void 0) {
              let data26 = data24.difference;
              if (!(typeof data26 == "number" && isFinite(data26))) {
                const err55 = { instancePath: instancePath + "/test/result/difference", schemaPath: "#/definitions/GateTest/properties/result/properties/difference/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err55];
                } else {
                  vErrors.push(err55);
                }
                errors++;
              }
            }
            if (data24.standardError !== void 0) {
              let data27 = data24.standardError;
              if (!(typeof data27 == "number" && isFinite(data27))) {
                const err56 = { instancePath: instancePath + "/test/result/standardError", schemaPath: "#/definitions/GateTest/properties/result/properties/standardError/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err56];
                } else {
                  vErrors.push(err56);
                }
                errors++;
              }
            }
            if (data24.degreesOfFreedom !== void 0) {
              let data28 = data24.degreesOfFreedom;
              if (!(typeof data28 == "number" && isFinite(data28))) {
                const err57 = { instancePath: instancePath + "/test/result/degreesOfFreedom", schemaPath: "#/definitions/GateTest/properties/result/properties/degreesOfFreedom/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err57];
                } else {
                  vErrors.push(err57);
                }
                errors++;
              }
            }
            if (data24.p !== void 0) {
              let data29 = data24.p;
              if (!(typeof data29 == "number" && isFinite(data29))) {
                const err58 = { instancePath: instancePath + "/test/result/p", schemaPath: "#/definitions/GateTest/properties/result/properties/p/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err58];
                } else {
                  vErrors.push(err58);
                }
                errors++;
              }
            }
            if (data24.corrected !== void 0) {
              let data30 = data24.corrected;
              if (!(typeof data30 == "number" && isFinite(data30))) {
                const err59 = { instancePath: instancePath + "/test/result/corrected", schemaPath: "#/definitions/GateTest/properties/result/properties/corrected/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err59];
                } else {
                  vErrors.push(err59);
                }
                errors++;
              }
            }
            if (data24.tests !== void 0) {
              let data31 = data24.tests;
              if (!(typeof data31 == "number" && (!(data31 % 1) && !isNaN(data31)) && isFinite(data31))) {
                const err60 = { instancePath: instancePath + "/test/result/tests", schemaPath: "#/definitions/GateTest/properties/result/properties/tests/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err60];
                } else {
                  vErrors.push(err60);
                }
                errors++;
              }
            }
          } else {
            const err61 = { instancePath: instancePath + "/test/result", schemaPath: "#/definitions/GateTest/properties/result/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err61];
            } else {
              vErrors.push(err61);
            }
            errors++;
          }
        }
      } else {
        const err62 = { instancePath: instancePath + "/test", schemaPath: "#/definitions/GateTest/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err62];
        } else {
          vErrors.push(err62);
        }
        errors++;
      }
    }
    if (data.reason !== void 0) {
      if (typeof data.reason !== "string") {
        const err63 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err63];
        } else {
          vErrors.push(err63);
        }
        errors++;
      }
    }
    if (data.warning !== void 0) {
      if (typeof data.warning !== "string") {
        const err64 = { instancePath: instancePath + "/warning", schemaPath: "#/properties/warning/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err64];
        } else {
          vErrors.push(err64);
        }
        errors++;
      }
    }
  } else {
    const err65 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err65];
    } else {
      vErrors.push(err65);
    }
    errors++;
  }
  validate70.errors = vErrors;
  return errors === 0;
}
function validate53(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.format === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "format" }, message: "must have required property 'format'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.run === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "run" }, message: "must have required property 'run'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.pipeline === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "pipeline" }, message: "must have required property 'pipeline'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.git === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "git" }, message: "must have required property 'git'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.environment === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "environment" }, message: "must have required property 'environment'" };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    if (data.stages === void 0) {
      const err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stages" }, message: "must have required property 'stages'" };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    if (data.numbers === void 0) {
      const err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "numbers" }, message: "must have required property 'numbers'" };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (data.gates === void 0) {
      const err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "gates" }, message: "must have required property 'gates'" };
      if (vErrors === null) {
        vErrors = [err7];
      } else {
        vErrors.push(err7);
      }
      errors++;
    }
    if (data.gaps === void 0) {
      const err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "gaps" }, message: "must have required property 'gaps'" };
      if (vErrors === null) {
        vErrors = [err8];
      } else {
        vErrors.push(err8);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema72.properties, key0)) {
        const err9 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.format !== void 0) {
      let data0 = data.format;
      if (!(data0 === "repro.manifest/1" || data0 === "repro.manifest/2")) {
        const err10 = { instancePath: instancePath + "/format", schemaPath: "#/properties/format/enum", keyword: "enum", params: { allowedValues: schema72.properties.format.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.run !== void 0) {
      let data1 = data.run;
      if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
        if (data1.id === void 0) {
          const err11 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/required", keyword: "required", params: { missingProperty: "id" }, message: "must have required property 'id'" };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
        if (data1.startedAt === void 0) {
          const err12 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/required", keyword: "required", params: { missingProperty: "startedAt" }, message: "must have required property 'startedAt'" };
          if (vErrors === null) {
            vErrors = [err12];
          } else {
            vErrors.push(err12);
          }
          errors++;
        }
        if (data1.finishedAt === void 0) {
          const err13 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/required", keyword: "required", params: { missingProperty: "finishedAt" }, message: "must have required property 'finishedAt'" };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        if (data1.outcome === void 0) {
          const err14 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/required", keyword: "required", params: { missingProperty: "outcome" }, message: "must have required property 'outcome'" };
          if (vErrors === null) {
            vErrors = [err14];
          } else {
            vErrors.push(err14);
          }
          errors++;
        }
        for (const key1 in data1) {
          if (!(key1 === "id" || key1 === "startedAt" || key1 === "finishedAt" || key1 === "outcome" || key1 === "selected" || key1 === "purpose")) {
            const err15 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
        if (data1.id !== void 0) {
          if (typeof data1.id !== "string") {
            const err16 = { instancePath: instancePath + "/run/id", schemaPath: "#/properties/run/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        if (data1.startedAt !== void 0) {
          if (typeof data1.startedAt !== "string") {
            const err17 = { instancePath: instancePath + "/run/startedAt", schemaPath: "#/properties/run/properties/startedAt/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
        }
        if (data1.finishedAt !== void 0) {
          if (typeof data1.finishedAt !== "string") {
            const err18 = { instancePath: instancePath + "/run/finishedAt", schemaPath: "#/properties/run/properties/finishedAt/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
        if (data1.outcome !== void 0) {
          let data5 = data1.outcome;
          if (!(data5 === "complete" || data5 === "failed" || data5 === "interrupted")) {
            const err19 = { instancePath: instancePath + "/run/outcome", schemaPath: "#/properties/run/properties/outcome/enum", keyword: "enum", params: { allowedValues: schema72.properties.run.properties.outcome.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
        }
        if (data1.selected !== void 0) {
          let data6 = data1.selected;
          if (Array.isArray(data6)) {
            const len0 = data6.length;
            for (let i0 = 0; i0 < len0; i0++) {
              if (typeof data6[i0] !== "string") {
                const err20 = { instancePath: instancePath + "/run/selected/" + i0, schemaPath: "#/properties/run/properties/selected/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err20];
                } else {
                  vErrors.push(err20);
                }
                errors++;
              }
            }
          } else {
            const err21 = { instancePath: instancePath + "/run/selected", schemaPath: "#/properties/run/properties/selected/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
        }
        if (data1.purpose !== void 0) {
          let data8 = data1.purpose;
          if (!(data8 === "audit" || data8 === "sweep")) {
            const err22 = { instancePath: instancePath + "/run/purpose", schemaPath: "#/properties/run/properties/purpose/enum", keyword: "enum", params: { allowedValues: schema72.properties.run.properties.purpose.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
        }
      } else {
        const err23 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data.pipeline !== void 0) {
      let data9 = data.pipeline;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        if (data9.name === void 0) {
          const err24 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
        if (data9.file === void 0) {
          const err25 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "file" }, message: "must have required property 'file'" };
          if (vErrors === null) {
            vErrors = [err25];
          } else {
            vErrors.push(err25);
          }
          errors++;
        }
        if (data9.digest === void 0) {
          const err26 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "digest" }, message: "must have required property 'digest'" };
          if (vErrors === null) {
            vErrors = [err26];
          } else {
            vErrors.push(err26);
          }
          errors++;
        }
        if (data9.profile === void 0) {
          const err27 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "profile" }, message: "must have required property 'profile'" };
          if (vErrors === null) {
            vErrors = [err27];
          } else {
            vErrors.push(err27);
          }
          errors++;
        }
        if (data9.overrides === void 0) {
          const err28 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "overrides" }, message: "must have required property 'overrides'" };
          if (vErrors === null) {
            vErrors = [err28];
          } else {
            vErrors.push(err28);
          }
          errors++;
        }
        if (data9.seed === void 0) {
          const err29 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "seed" }, message: "must have required property 'seed'" };
          if (vErrors === null) {
            vErrors = [err29];
          } else {
            vErrors.push(err29);
          }
          errors++;
        }
        if (data9.params === void 0) {
          const err30 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/required", keyword: "required", params: { missingProperty: "params" }, message: "must have required property 'params'" };
          if (vErrors === null) {
            vErrors = [err30];
          } else {
            vErrors.push(err30);
          }
          errors++;
        }
        for (const key2 in data9) {
          if (!(key2 === "name" || key2 === "file" || key2 === "digest" || key2 === "included" || key2 === "profile" || key2 === "overrides" || key2 === "seed" || key2 === "params")) {
            const err31 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
        }
        if (data9.name !== void 0) {
          if (typeof data9.name !== "string") {
            const err32 = { instancePath: instancePath + "/pipeline/name", schemaPath: "#/properties/pipeline/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err32];
            } else {
              vErrors.push(err32);
            }
            errors++;
          }
        }
        if (data9.file !== void 0) {
          let data11 = data9.file;
          if (typeof data11 === "string") {
            if (!pattern45.test(data11)) {
              const err33 = { instancePath: instancePath + "/pipeline/file", schemaPath: "#/properties/pipeline/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
              if (vErrors === null) {
                vErrors = [err33];
              } else {
                vErrors.push(err33);
              }
              errors++;
            }
          } else {
            const err34 = { instancePath: instancePath + "/pipeline/file", schemaPath: "#/properties/pipeline/properties/file/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err34];
            } else {
              vErrors.push(err34);
            }
            errors++;
          }
        }
        if (data9.digest !== void 0) {
          let data12 = data9.digest;
          if (typeof data12 === "string") {
            if (!pattern46.test(data12)) {
              const err35 = { instancePath: instancePath + "/pipeline/digest", schemaPath: "record.schema.json#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
              if (vErrors === null) {
                vErrors = [err35];
              } else {
                vErrors.push(err35);
              }
              errors++;
            }
          } else {
            const err36 = { instancePath: instancePath + "/pipeline/digest", schemaPath: "record.schema.json#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
        }
        if (data9.included !== void 0) {
          let data13 = data9.included;
          if (Array.isArray(data13)) {
            const len1 = data13.length;
            for (let i1 = 0; i1 < len1; i1++) {
              let data14 = data13[i1];
              if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
                if (data14.file === void 0) {
                  const err37 = { instancePath: instancePath + "/pipeline/included/" + i1, schemaPath: "#/properties/pipeline/properties/included/items/required", keyword: "required", params: { missingProperty: "file" }, message: "must have required property 'file'" };
                  if (vErrors === null) {
                    vErrors = [err37];
                  } else {
                    vErrors.push(err37);
                  }
                  errors++;
                }
                if (data14.digest === void 0) {
                  const err38 = { instancePath: instancePath + "/pipeline/included/" + i1, schemaPath: "#/properties/pipeline/properties/included/items/required", keyword: "required", params: { missingProperty: "digest" }, message: "must have required property 'digest'" };
                  if (vErrors === null) {
                    vErrors = [err38];
                  } else {
                    vErrors.push(err38);
                  }
                  errors++;
                }
                for (const key3 in data14) {
                  if (!(key3 === "file" || key3 === "digest")) {
                    const err39 = { instancePath: instancePath + "/pipeline/included/" + i1, schemaPath: "#/properties/pipeline/properties/included/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties" };
                    if (vErrors === null) {
                      vErrors = [err39];
                    } else {
                      vErrors.push(err39);
                    }
                    errors++;
                  }
                }
                if (data14.file !== void 0) {
                  let data15 = data14.file;
                  if (typeof data15 === "string") {
                    if (!pattern45.test(data15)) {
                      const err40 = { instancePath: instancePath + "/pipeline/included/" + i1 + "/file", schemaPath: "#/properties/pipeline/properties/included/items/properties/file/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" }, message: 'must match pattern "^[^\\u0000]*$"' };
                      if (vErrors === null) {
                        vErrors = [err40];
                      } else {
                        vErrors.push(err40);
                      }
                      errors++;
                    }
                  } else {
                    const err41 = { instancePath: instancePath + "/pipeline/included/" + i1 + "/file", schemaPath: "#/properties/pipeline/properties/included/items/properties/file/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err41];
                    } else {
                      vErrors.push(err41);
                    }
                    errors++;
                  }
                }
                if (data14.digest !== void 0) {
                  let data16 = data14.digest;
                  if (typeof data16 === "string") {
                    if (!pattern46.test(data16)) {
                      const err42 = { instancePath: instancePath + "/pipeline/included/" + i1 + "/digest", schemaPath: "record.schema.json#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
                      if (vErrors === null) {
                        vErrors = [err42];
                      } else {
                        vErrors.push(err42);
                      }
                      errors++;
                    }
                  } else {
                    const err43 = { instancePath: instancePath + "/pipeline/included/" + i1 + "/digest", schemaPath: "record.schema.json#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err43];
                    } else {
                      vErrors.push(err43);
                    }
                    errors++;
                  }
                }
              } else {
                const err44 = { instancePath: instancePath + "/pipeline/included/" + i1, schemaPath: "#/properties/pipeline/properties/included/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err44];
                } else {
                  vErrors.push(err44);
                }
                errors++;
              }
            }
          } else {
            const err45 = { instancePath: instancePath + "/pipeline/included", schemaPath: "#/properties/pipeline/properties/included/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err45];
            } else {
              vErrors.push(err45);
            }
            errors++;
          }
        }
        if (data9.profile !== void 0) {
          let data17 = data9.profile;
          if (typeof data17 !== "string" && data17 !== null) {
            const err46 = { instancePath: instancePath + "/pipeline/profile", schemaPath: "#/properties/pipeline/properties/profile/type", keyword: "type", params: { type: schema72.properties.pipeline.properties.profile.type }, message: "must be string,null" };
            if (vErrors === null) {
              vErrors = [err46];
            } else {
              vErrors.push(err46);
            }
            errors++;
          }
        }
        if (data9.overrides !== void 0) {
          let data18 = data9.overrides;
          if (data18 && typeof data18 == "object" && !Array.isArray(data18)) {
          } else {
            const err47 = { instancePath: instancePath + "/pipeline/overrides", schemaPath: "#/properties/pipeline/properties/overrides/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err47];
            } else {
              vErrors.push(err47);
            }
            errors++;
          }
        }
        if (data9.seed !== void 0) {
          let data19 = data9.seed;
          if (!(typeof data19 == "number" && (!(data19 % 1) && !isNaN(data19)) && isFinite(data19))) {
            const err48 = { instancePath: instancePath + "/pipeline/seed", schemaPath: "#/properties/pipeline/properties/seed/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err48];
            } else {
              vErrors.push(err48);
            }
            errors++;
          }
        }
        if (data9.params !== void 0) {
          let data20 = data9.params;
          if (data20 && typeof data20 == "object" && !Array.isArray(data20)) {
          } else {
            const err49 = { instancePath: instancePath + "/pipeline/params", schemaPath: "#/properties/pipeline/properties/params/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err49];
            } else {
              vErrors.push(err49);
            }
            errors++;
          }
        }
      } else {
        const err50 = { instancePath: instancePath + "/pipeline", schemaPath: "#/properties/pipeline/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err50];
        } else {
          vErrors.push(err50);
        }
        errors++;
      }
    }
    if (data.git !== void 0) {
      let data21 = data.git;
      const _errs49 = errors;
      let valid10 = false;
      const _errs50 = errors;
      if (data21 !== null) {
        const err51 = { instancePath: instancePath + "/git", schemaPath: "#/properties/git/anyOf/0/type", keyword: "type", params: { type: "null" }, message: "must be null" };
        if (vErrors === null) {
          vErrors = [err51];
        } else {
          vErrors.push(err51);
        }
        errors++;
      }
      var _valid0 = _errs50 === errors;
      valid10 = valid10 || _valid0;
      if (!valid10) {
        const _errs52 = errors;
        if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
          if (data21.commit === void 0) {
            const err52 = { instancePath: instancePath + "/git", schemaPath: "#/properties/git/anyOf/1/required", keyword: "required", params: { missingProperty: "commit" }, message: "must have required property 'commit'" };
            if (vErrors === null) {
              vErrors = [err52];
            } else {
              vErrors.push(err52);
            }
            errors++;
          }
          if (data21.dirty === void 0) {
            const err53 = { instancePath: instancePath + "/git", schemaPath: "#/properties/git/anyOf/1/required", keyword: "required", params: { missingProperty: "dirty" }, message: "must have required property 'dirty'" };
            if (vErrors === null) {
              vErrors = [err53];
            } else {
              vErrors.push(err53);
            }
            errors++;
          }
          for (const key4 in data21) {
            if (!(key4 === "commit" || key4 === "dirty")) {
              const err54 = { instancePath: instancePath + "/git", schemaPath: "#/properties/git/anyOf/1/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties" };
              if (vErrors === null) {
                vErrors = [err54];
              } else {
                vErrors.push(err54);
              }
              errors++;
            }
          }
          if (data21.commit !== void 0) {
            if (typeof data21.commit !== "string") {
              const err55 = { instancePath: instancePath + "/git/commit", schemaPath: "#/properties/git/anyOf/1/properties/commit/type", keyword: "type", params: { type: "string" }, message: "must be string" };
              if (vErrors === null) {
                vErrors = [err55];
              } else {
                vErrors.push(err55);
              }
              errors++;
            }
          }
          if (data21.dirty !== void 0) {
            let data23 = data21.dirty;
            const _errs58 = errors;
            let valid12 = false;
            const _errs59 = errors;
            if (data23 !== null) {
              const err56 = { instancePath: instancePath + "/git/dirty", schemaPath: "#/properties/git/anyOf/1/properties/dirty/anyOf/0/type", keyword: "type", params: { type: "null" }, message: "must be null" };
              if (vErrors === null) {
                vErrors = [err56];
              } else {
                vErrors.push(err56);
              }
              errors++;
            }
            var _valid1 = _errs59 === errors;
            valid12 = valid12 || _valid1;
            if (!valid12) {
              const _errs61 = errors;
              if (typeof data23 === "string") {
                if (!pattern46.test(data23)) {
                  const err57 = { instancePath: instancePath + "/git/dirty", schemaPath: "record.schema.json#/definitions/Digest/pattern", keyword: "pattern", params: { pattern: "^sha256:[0-9a-f]{64}$" }, message: 'must match pattern "^sha256:[0-9a-f]{64}$"' };
                  if (vErrors === null) {
                    vErrors = [err57];
                  } else {
                    vErrors.push(err57);
                  }
                  errors++;
                }
              } else {
                const err58 = { instancePath: instancePath + "/git/dirty", schemaPath: "record.schema.json#/definitions/Digest/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err58];
                } else {
                  vErrors.push(err58);
                }
                errors++;
              }
              var _valid1 = _errs61 === errors;
              valid12 = valid12 || _valid1;
            }
            if (!valid12) {
              const err59 = { instancePath: instancePath + "/git/dirty", schemaPath: "#/properties/git/anyOf/1/properties/dirty/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
              if (vErrors === null) {
                vErrors = [err59];
              } else {
                vErrors.push(err59);
              }
              errors++;
            } else {
              errors = _errs58;
              if (vErrors !== null) {
                if (_errs58) {
                  vErrors.length = _errs58;
                } else {
                  vErrors = null;
                }
              }
            }
          }
        } else {
          const err60 = { instancePath: instancePath + "/git", schemaPath: "#/properties/git/anyOf/1/type", keyword: "type", params: { type: "object" }, message: "must be object" };
          if (vErrors === null) {
            vErrors = [err60];
          } else {
            vErrors.push(err60);
          }
          errors++;
        }
        var _valid0 = _errs52 === errors;
        valid10 = valid10 || _valid0;
      }
      if (!valid10) {
        const err61 = { instancePath: instancePath + "/git", schemaPath: "#/properties/git/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
        if (vErrors === null) {
          vErrors = [err61];
        } else {
          vErrors.push(err61);
        }
        errors++;
      } else {
        errors = _errs49;
        if (vErrors !== null) {
          if (_errs49) {
            vErrors.length = _errs49;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.environment !== void 0) {
      let data24 = data.environment;
      if (data24 && typeof data24 == "object" && !Array.isArray(data24)) {
        if (data24.platform === void 0) {
          const err62 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/required", keyword: "required", params: { missingProperty: "platform" }, message: "must have required property 'platform'" };
          if (vErrors === null) {
            vErrors = [err62];
          } else {
            vErrors.push(err62);
          }
          errors++;
        }
        if (data24.arch === void 0) {
          const err63 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/required", keyword: "required", params: { missingProperty: "arch" }, message: "must have required property 'arch'" };
          if (vErrors === null) {
            vErrors = [err63];
          } else {
            vErrors.push(err63);
          }
          errors++;
        }
        if (data24.cpu === void 0) {
          const err64 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/required", keyword: "required", params: { missingProperty: "cpu" }, message: "must have required property 'cpu'" };
          if (vErrors === null) {
            vErrors = [err64];
          } else {
            vErrors.push(err64);
          }
          errors++;
        }
        if (data24.cores === void 0) {
          const err65 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/required", keyword: "required", params: { missingProperty: "cores" }, message: "must have required property 'cores'" };
          if (vErrors === null) {
            vErrors = [err65];
          } else {
            vErrors.push(err65);
          }
          errors++;
        }
        if (data24.memoryBytes === void 0) {
          const err66 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/required", keyword: "required", params: { missingProperty: "memoryBytes" }, message: "must have required property 'memoryBytes'" };
          if (vErrors === null) {
            vErrors = [err66];
          } else {
            vErrors.push(err66);
          }
          errors++;
        }
        if (data24.node === void 0) {
          const err67 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/required", keyword: "required", params: { missingProperty: "node" }, message: "must have required property 'node'" };
          if (vErrors === null) {
            vErrors = [err67];
          } else {
            vErrors.push(err67);
          }
          errors++;
        }
        for (const key5 in data24) {
          if (!(key5 === "platform" || key5 === "arch" || key5 === "cpu" || key5 === "cores" || key5 === "memoryBytes" || key5 === "node" || key5 === "host")) {
            const err68 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err68];
            } else {
              vErrors.push(err68);
            }
            errors++;
          }
        }
        if (data24.platform !== void 0) {
          if (typeof data24.platform !== "string") {
            const err69 = { instancePath: instancePath + "/environment/platform", schemaPath: "record.schema.json#/definitions/Environment/properties/platform/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err69];
            } else {
              vErrors.push(err69);
            }
            errors++;
          }
        }
        if (data24.arch !== void 0) {
          if (typeof data24.arch !== "string") {
            const err70 = { instancePath: instancePath + "/environment/arch", schemaPath: "record.schema.json#/definitions/Environment/properties/arch/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err70];
            } else {
              vErrors.push(err70);
            }
            errors++;
          }
        }
        if (data24.cpu !== void 0) {
          if (typeof data24.cpu !== "string") {
            const err71 = { instancePath: instancePath + "/environment/cpu", schemaPath: "record.schema.json#/definitions/Environment/properties/cpu/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err71];
            } else {
              vErrors.push(err71);
            }
            errors++;
          }
        }
        if (data24.cores !== void 0) {
          let data28 = data24.cores;
          if (!(typeof data28 == "number" && (!(data28 % 1) && !isNaN(data28)) && isFinite(data28))) {
            const err72 = { instancePath: instancePath + "/environment/cores", schemaPath: "record.schema.json#/definitions/Environment/properties/cores/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err72];
            } else {
              vErrors.push(err72);
            }
            errors++;
          }
        }
        if (data24.memoryBytes !== void 0) {
          let data29 = data24.memoryBytes;
          if (!(typeof data29 == "number" && (!(data29 % 1) && !isNaN(data29)) && isFinite(data29))) {
            const err73 = { instancePath: instancePath + "/environment/memoryBytes", schemaPath: "record.schema.json#/definitions/Environment/properties/memoryBytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err73];
            } else {
              vErrors.push(err73);
            }
            errors++;
          }
        }
        if (data24.node !== void 0) {
          if (typeof data24.node !== "string") {
            const err74 = { instancePath: instancePath + "/environment/node", schemaPath: "record.schema.json#/definitions/Environment/properties/node/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err74];
            } else {
              vErrors.push(err74);
            }
            errors++;
          }
        }
        if (data24.host !== void 0) {
          if (typeof data24.host !== "string") {
            const err75 = { instancePath: instancePath + "/environment/host", schemaPath: "record.schema.json#/definitions/Environment/properties/host/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err75];
            } else {
              vErrors.push(err75);
            }
            errors++;
          }
        }
      } else {
        const err76 = { instancePath: instancePath + "/environment", schemaPath: "record.schema.json#/definitions/Environment/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err76];
        } else {
          vErrors.push(err76);
        }
        errors++;
      }
    }
    if (data.stages !== void 0) {
      let data32 = data.stages;
      if (Array.isArray(data32)) {
        const len2 = data32.length;
        for (let i2 = 0; i2 < len2; i2++) {
          if (!validate63(data32[i2], { instancePath: instancePath + "/stages/" + i2, parentData: data32, parentDataProperty: i2, rootData })) {
            vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err77 = { instancePath: instancePath + "/stages", schemaPath: "#/properties/stages/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err77];
        } else {
          vErrors.push(err77);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      let data34 = data.numbers;
      if (Array.isArray(data34)) {
        const len3 = data34.length;
        for (let i3 = 0; i3 < len3; i3++) {
          if (!validate68(data34[i3], { instancePath: instancePath + "/numbers/" + i3, parentData: data34, parentDataProperty: i3, rootData })) {
            vErrors = vErrors === null ? validate68.errors : vErrors.concat(validate68.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err78 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err78];
        } else {
          vErrors.push(err78);
        }
        errors++;
      }
    }
    if (data.gates !== void 0) {
      let data36 = data.gates;
      if (Array.isArray(data36)) {
        const len4 = data36.length;
        for (let i4 = 0; i4 < len4; i4++) {
          if (!validate70(data36[i4], { instancePath: instancePath + "/gates/" + i4, parentData: data36, parentDataProperty: i4, rootData })) {
            vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err79 = { instancePath: instancePath + "/gates", schemaPath: "#/properties/gates/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err79];
        } else {
          vErrors.push(err79);
        }
        errors++;
      }
    }
    if (data.gaps !== void 0) {
      let data38 = data.gaps;
      if (Array.isArray(data38)) {
        const len5 = data38.length;
        for (let i5 = 0; i5 < len5; i5++) {
          let data39 = data38[i5];
          if (data39 && typeof data39 == "object" && !Array.isArray(data39)) {
            if (data39.stage === void 0) {
              const err80 = { instancePath: instancePath + "/gaps/" + i5, schemaPath: "#/definitions/Gap/required", keyword: "required", params: { missingProperty: "stage" }, message: "must have required property 'stage'" };
              if (vErrors === null) {
                vErrors = [err80];
              } else {
                vErrors.push(err80);
              }
              errors++;
            }
            if (data39.message === void 0) {
              const err81 = { instancePath: instancePath + "/gaps/" + i5, schemaPath: "#/definitions/Gap/required", keyword: "required", params: { missingProperty: "message" }, message: "must have required property 'message'" };
              if (vErrors === null) {
                vErrors = [err81];
              } else {
                vErrors.push(err81);
              }
              errors++;
            }
            for (const key6 in data39) {
              if (!(key6 === "stage" || key6 === "message")) {
                const err82 = { instancePath: instancePath + "/gaps/" + i5, schemaPath: "#/definitions/Gap/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 }, message: "must NOT have additional properties" };
                if (vErrors === null) {
                  vErrors = [err82];
                } else {
                  vErrors.push(err82);
                }
                errors++;
              }
            }
            if (data39.stage !== void 0) {
              if (typeof data39.stage !== "string") {
                const err83 = { instancePath: instancePath + "/gaps/" + i5 + "/stage", schemaPath: "#/definitions/Gap/properties/stage/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err83];
                } else {
                  vErrors.push(err83);
                }
                errors++;
              }
            }
            if (data39.message !== void 0) {
              if (typeof data39.message !== "string") {
                const err84 = { instancePath: instancePath + "/gaps/" + i5 + "/message", schemaPath: "#/definitions/Gap/properties/message/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err84];
                } else {
                  vErrors.push(err84);
                }
                errors++;
              }
            }
          } else {
            const err85 = { instancePath: instancePath + "/gaps/" + i5, schemaPath: "#/definitions/Gap/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err85];
            } else {
              vErrors.push(err85);
            }
            errors++;
          }
        }
      } else {
        const err86 = { instancePath: instancePath + "/gaps", schemaPath: "#/properties/gaps/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err86];
        } else {
          vErrors.push(err86);
        }
        errors++;
      }
    }
  } else {
    const err87 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err87];
    } else {
      vErrors.push(err87);
    }
    errors++;
  }
  validate53.errors = vErrors;
  return errors === 0;
}
var validate_numbers = validate62;
var pattern58 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$", "u");
function validate62(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern58.test(key0)) {
          const err0 = { instancePath, schemaPath: "#/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"', propertyName: key0 };
          if (vErrors === null) {
            vErrors = [err0];
          } else {
            vErrors.push(err0);
          }
          errors++;
        }
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err1 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 }, message: "property name must be valid" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    for (const key1 in data) {
      let data0 = data[key1];
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        if (data0.value === void 0) {
          const err2 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "value" }, message: "must have required property 'value'" };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        if (data0.unit === void 0) {
          const err3 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "unit" }, message: "must have required property 'unit'" };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        if (data0.kind === void 0) {
          const err4 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/ReportedNumber/required", keyword: "required", params: { missingProperty: "kind" }, message: "must have required property 'kind'" };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        for (const key2 in data0) {
          if (!(key2 === "value" || key2 === "unit" || key2 === "kind" || key2 === "n" || key2 === "standardError" || key2 === "better" || key2 === "note")) {
            const err5 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/ReportedNumber/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
        if (data0.value !== void 0) {
          let data1 = data0.value;
          if (!(typeof data1 == "number" && isFinite(data1))) {
            const err6 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/value", schemaPath: "#/definitions/ReportedNumber/properties/value/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        if (data0.unit !== void 0) {
          let data2 = data0.unit;
          if (typeof data2 === "string") {
            if (func2(data2) > 40) {
              const err7 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/unit", schemaPath: "#/definitions/ReportedNumber/properties/unit/maxLength", keyword: "maxLength", params: { limit: 40 }, message: "must NOT have more than 40 characters" };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
          } else {
            const err8 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/unit", schemaPath: "#/definitions/ReportedNumber/properties/unit/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
        }
        if (data0.kind !== void 0) {
          let data3 = data0.kind;
          if (!(data3 === "exact" || data3 === "estimate" || data3 === "upper-bound" || data3 === "timing")) {
            const err9 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kind", schemaPath: "#/definitions/ReportedNumber/properties/kind/enum", keyword: "enum", params: { allowedValues: schema84.properties.kind.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        if (data0.n !== void 0) {
          let data4 = data0.n;
          if (!(typeof data4 == "number" && (!(data4 % 1) && !isNaN(data4)) && isFinite(data4))) {
            const err10 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/n", schemaPath: "#/definitions/ReportedNumber/properties/n/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
          if (typeof data4 == "number" && isFinite(data4)) {
            if (data4 < 1 || isNaN(data4)) {
              const err11 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/n", schemaPath: "#/definitions/ReportedNumber/properties/n/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
            }
          }
        }
        if (data0.standardError !== void 0) {
          let data5 = data0.standardError;
          if (typeof data5 == "number" && isFinite(data5)) {
            if (data5 < 0 || isNaN(data5)) {
              const err12 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/standardError", schemaPath: "#/definitions/ReportedNumber/properties/standardError/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
            }
          } else {
            const err13 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/standardError", schemaPath: "#/definitions/ReportedNumber/properties/standardError/type", keyword: "type", params: { type: "number" }, message: "must be number" };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data0.better !== void 0) {
          let data6 = data0.better;
          if (!(data6 === "lower" || data6 === "higher" || data6 === "none")) {
            const err14 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/better", schemaPath: "#/definitions/ReportedNumber/properties/better/enum", keyword: "enum", params: { allowedValues: schema84.properties.better.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
        if (data0.note !== void 0) {
          let data7 = data0.note;
          if (typeof data7 === "string") {
            if (func2(data7) > 400) {
              const err15 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/note", schemaPath: "#/definitions/ReportedNumber/properties/note/maxLength", keyword: "maxLength", params: { limit: 400 }, message: "must NOT have more than 400 characters" };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/note", schemaPath: "#/definitions/ReportedNumber/properties/note/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
      } else {
        const err17 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/ReportedNumber/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
  } else {
    const err18 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err18];
    } else {
      vErrors.push(err18);
    }
    errors++;
  }
  validate62.errors = vErrors;
  return errors === 0;
}
var validate_pipeline = validate18;
function validate19(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "code" || key0 === "packages" || key0 === "params" || key0 === "numbers" || key0 === "env" || key0 === "resources")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.code !== void 0) {
      let data0 = data.code;
      if (Array.isArray(data0)) {
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 === "string") {
            if (func2(data1) < 1) {
              const err1 = { instancePath: instancePath + "/code/" + i0, schemaPath: "#/definitions/CodePatterns/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err1];
              } else {
                vErrors.push(err1);
              }
              errors++;
            }
          } else {
            const err2 = { instancePath: instancePath + "/code/" + i0, schemaPath: "#/definitions/CodePatterns/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
        }
        let i1 = data0.length;
        let j0;
        if (i1 > 1) {
          const indices0 = {};
          for (; i1--; ) {
            let item0 = data0[i1];
            if (typeof item0 !== "string") {
              continue;
            }
            if (typeof indices0[item0] == "number") {
              j0 = indices0[item0];
              const err3 = { instancePath: instancePath + "/code", schemaPath: "#/definitions/CodePatterns/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err3];
              } else {
                vErrors.push(err3);
              }
              errors++;
              break;
            }
            indices0[item0] = i1;
          }
        }
      } else {
        const err4 = { instancePath: instancePath + "/code", schemaPath: "#/definitions/CodePatterns/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.packages !== void 0) {
      let data2 = data.packages;
      if (Array.isArray(data2)) {
        const len1 = data2.length;
        for (let i2 = 0; i2 < len1; i2++) {
          let data3 = data2[i2];
          if (typeof data3 === "string") {
            if (!pattern16.test(data3)) {
              const err5 = { instancePath: instancePath + "/packages/" + i2, schemaPath: "#/definitions/PackageNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9._-]*$"' };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
          } else {
            const err6 = { instancePath: instancePath + "/packages/" + i2, schemaPath: "#/definitions/PackageNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        let i3 = data2.length;
        let j1;
        if (i3 > 1) {
          const indices1 = {};
          for (; i3--; ) {
            let item1 = data2[i3];
            if (typeof item1 !== "string") {
              continue;
            }
            if (typeof indices1[item1] == "number") {
              j1 = indices1[item1];
              const err7 = { instancePath: instancePath + "/packages", schemaPath: "#/definitions/PackageNames/uniqueItems", keyword: "uniqueItems", params: { i: i3, j: j1 }, message: "must NOT have duplicate items (items ## " + j1 + " and " + i3 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
              break;
            }
            indices1[item1] = i3;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/packages", schemaPath: "#/definitions/PackageNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.params !== void 0) {
      let data4 = data.params;
      if (Array.isArray(data4)) {
        const len2 = data4.length;
        for (let i4 = 0; i4 < len2; i4++) {
          let data5 = data4[i4];
          if (typeof data5 === "string") {
            if (!pattern17.test(data5)) {
              const err9 = { instancePath: instancePath + "/params/" + i4, schemaPath: "#/definitions/ParameterPaths/items/pattern", keyword: "pattern", params: { pattern: "^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$" }, message: 'must match pattern "^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$"' };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            }
          } else {
            const err10 = { instancePath: instancePath + "/params/" + i4, schemaPath: "#/definitions/ParameterPaths/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        let i5 = data4.length;
        let j2;
        if (i5 > 1) {
          const indices2 = {};
          for (; i5--; ) {
            let item2 = data4[i5];
            if (typeof item2 !== "string") {
              continue;
            }
            if (typeof indices2[item2] == "number") {
              j2 = indices2[item2];
              const err11 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/ParameterPaths/uniqueItems", keyword: "uniqueItems", params: { i: i5, j: j2 }, message: "must NOT have duplicate items (items ## " + j2 + " and " + i5 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
              break;
            }
            indices2[item2] = i5;
          }
        }
      } else {
        const err12 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/ParameterPaths/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      let data6 = data.numbers;
      if (typeof data6 === "string") {
        if (func2(data6) < 1) {
          const err13 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      } else {
        const err14 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.env !== void 0) {
      let data7 = data.env;
      const _errs20 = errors;
      let valid13 = false;
      const _errs21 = errors;
      if (Array.isArray(data7)) {
        const len3 = data7.length;
        for (let i6 = 0; i6 < len3; i6++) {
          let data8 = data7[i6];
          if (typeof data8 === "string") {
            if (!pattern18.test(data8)) {
              const err15 = { instancePath: instancePath + "/env/" + i6, schemaPath: "#/definitions/VariableNames/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, message: 'must match pattern "^[A-Za-z_][A-Za-z0-9_]*$"' };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/env/" + i6, schemaPath: "#/definitions/VariableNames/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        let i7 = data7.length;
        let j3;
        if (i7 > 1) {
          const indices3 = {};
          for (; i7--; ) {
            let item3 = data7[i7];
            if (typeof item3 !== "string") {
              continue;
            }
            if (typeof indices3[item3] == "number") {
              j3 = indices3[item3];
              const err17 = { instancePath: instancePath + "/env", schemaPath: "#/definitions/VariableNames/uniqueItems", keyword: "uniqueItems", params: { i: i7, j: j3 }, message: "must NOT have duplicate items (items ## " + j3 + " and " + i7 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err17];
              } else {
                vErrors.push(err17);
              }
              errors++;
              break;
            }
            indices3[item3] = i7;
          }
        }
      } else {
        const err18 = { instancePath: instancePath + "/env", schemaPath: "#/definitions/VariableNames/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
      var _valid0 = _errs21 === errors;
      valid13 = valid13 || _valid0;
      if (!valid13) {
        const _errs26 = errors;
        if (!validate20(data7, { instancePath: instancePath + "/env", parentData: data, parentDataProperty: "env", rootData })) {
          vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
          errors = vErrors.length;
        }
        var _valid0 = _errs26 === errors;
        valid13 = valid13 || _valid0;
      }
      if (!valid13) {
        const err19 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      } else {
        errors = _errs20;
        if (vErrors !== null) {
          if (_errs20) {
            vErrors.length = _errs20;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.resources !== void 0) {
      let data9 = data.resources;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key1 in data9) {
          if (!(key1 === "cpus" || key1 === "memory" || key1 === "gpus" || key1 === "retries" || key1 === "time")) {
            const err20 = { instancePath: instancePath + "/resources", schemaPath: "#/definitions/Resources/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
        if (data9.cpus !== void 0) {
          let data10 = data9.cpus;
          if (!(typeof data10 == "number" && (!(data10 % 1) && !isNaN(data10)) && isFinite(data10))) {
            const err21 = { instancePath: instancePath + "/resources/cpus", schemaPath: "#/definitions/Resources/properties/cpus/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
          if (typeof data10 == "number" && isFinite(data10)) {
            if (data10 < 1 || isNaN(data10)) {
              const err22 = { instancePath: instancePath + "/resources/cpus", schemaPath: "#/definitions/Resources/properties/cpus/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
          }
        }
        if (data9.memory !== void 0) {
          let data11 = data9.memory;
          if (typeof data11 === "string") {
            if (!pattern21.test(data11)) {
              const err23 = { instancePath: instancePath + "/resources/memory", schemaPath: "#/definitions/Resources/properties/memory/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$"' };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          } else {
            const err24 = { instancePath: instancePath + "/resources/memory", schemaPath: "#/definitions/Resources/properties/memory/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
        if (data9.gpus !== void 0) {
          let data12 = data9.gpus;
          if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
            const err25 = { instancePath: instancePath + "/resources/gpus", schemaPath: "#/definitions/Resources/properties/gpus/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
          if (typeof data12 == "number" && isFinite(data12)) {
            if (data12 < 0 || isNaN(data12)) {
              const err26 = { instancePath: instancePath + "/resources/gpus", schemaPath: "#/definitions/Resources/properties/gpus/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
          }
        }
        if (data9.retries !== void 0) {
          let data13 = data9.retries;
          if (!(typeof data13 == "number" && (!(data13 % 1) && !isNaN(data13)) && isFinite(data13))) {
            const err27 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
          if (typeof data13 == "number" && isFinite(data13)) {
            if (data13 > 100 || isNaN(data13)) {
              const err28 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/maximum", keyword: "maximum", params: { comparison: "<=", limit: 100 }, message: "must be <= 100" };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
            if (data13 < 0 || isNaN(data13)) {
              const err29 = { instancePath: instancePath + "/resources/retries", schemaPath: "#/definitions/Resources/properties/retries/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
          }
        }
        if (data9.time !== void 0) {
          let data14 = data9.time;
          if (typeof data14 === "string") {
            if (!pattern4.test(data14)) {
              const err30 = { instancePath: instancePath + "/resources/time", schemaPath: "#/definitions/Resources/properties/time/pattern", keyword: "pattern", params: { pattern: "^[0-9]+(\\.[0-9]+)?(s|m|h)$" }, message: 'must match pattern "^[0-9]+(\\.[0-9]+)?(s|m|h)$"' };
              if (vErrors === null) {
                vErrors = [err30];
              } else {
                vErrors.push(err30);
              }
              errors++;
            }
          } else {
            const err31 = { instancePath: instancePath + "/resources/time", schemaPath: "#/definitions/Resources/properties/time/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err31];
            } else {
              vErrors.push(err31);
            }
            errors++;
          }
        }
      } else {
        const err32 = { instancePath: instancePath + "/resources", schemaPath: "#/definitions/Resources/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err32];
        } else {
          vErrors.push(err32);
        }
        errors++;
      }
    }
  } else {
    const err33 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err33];
    } else {
      vErrors.push(err33);
    }
    errors++;
  }
  validate19.errors = vErrors;
  return errors === 0;
}
function validate23(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!validate24(data[key0], { instancePath: instancePath + "/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key0, rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  validate23.errors = vErrors;
  return errors === 0;
}
function validate29(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length < 1) {
      const err0 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern0.test(key0)) {
          const err1 = { instancePath, schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath, schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err3 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 }, message: "property name must be valid" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    for (const key1 in data) {
      if (!validate30(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData })) {
        vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err4];
    } else {
      vErrors.push(err4);
    }
    errors++;
  }
  validate29.errors = vErrors;
  return errors === 0;
}
function validate37(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      const _errs1 = errors;
      if (typeof key0 === "string") {
        if (!pattern0.test(key0)) {
          const err0 = { instancePath, schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"', propertyName: key0 };
          if (vErrors === null) {
            vErrors = [err0];
          } else {
            vErrors.push(err0);
          }
          errors++;
        }
      } else {
        const err1 = { instancePath, schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string", propertyName: key0 };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err2 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 }, message: "property name must be valid" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    for (const key1 in data) {
      if (!validate38(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err3];
    } else {
      vErrors.push(err3);
    }
    errors++;
  }
  validate37.errors = vErrors;
  return errors === 0;
}
function validate18(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.stages === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stages" }, message: "must have required property 'stages'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "seed" || key0 === "include" || key0 === "defaults" || key0 === "params" || key0 === "profiles" || key0 === "stages" || key0 === "gates")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (!pattern0.test(data0)) {
          const err3 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/Name/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, message: 'must match pattern "^[a-z][a-z0-9-]*$"' };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/Name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.seed !== void 0) {
      let data1 = data.seed;
      if (!(typeof data1 == "number" && (!(data1 % 1) && !isNaN(data1)) && isFinite(data1))) {
        const err5 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 9007199254740991 || isNaN(data1)) {
          const err6 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/maximum", keyword: "maximum", params: { comparison: "<=", limit: 9007199254740991 }, message: "must be <= 9007199254740991" };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
        if (data1 < 0 || isNaN(data1)) {
          const err7 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      }
    }
    if (data.include !== void 0) {
      let data2 = data.include;
      if (Array.isArray(data2)) {
        const len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data3 = data2[i0];
          if (typeof data3 === "string") {
            if (func2(data3) < 1) {
              const err8 = { instancePath: instancePath + "/include/" + i0, schemaPath: "#/properties/include/items/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
          } else {
            const err9 = { instancePath: instancePath + "/include/" + i0, schemaPath: "#/properties/include/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        let i1 = data2.length;
        let j0;
        if (i1 > 1) {
          const indices0 = {};
          for (; i1--; ) {
            let item0 = data2[i1];
            if (typeof item0 !== "string") {
              continue;
            }
            if (typeof indices0[item0] == "number") {
              j0 = indices0[item0];
              const err10 = { instancePath: instancePath + "/include", schemaPath: "#/properties/include/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
              break;
            }
            indices0[item0] = i1;
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/include", schemaPath: "#/properties/include/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.defaults !== void 0) {
      if (!validate19(data.defaults, { instancePath: instancePath + "/defaults", parentData: data, parentDataProperty: "defaults", rootData })) {
        vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
        errors = vErrors.length;
      }
    }
    if (data.params !== void 0) {
      let data5 = data.params;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
      } else {
        const err12 = { instancePath: instancePath + "/params", schemaPath: "#/definitions/Params/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.profiles !== void 0) {
      if (!validate23(data.profiles, { instancePath: instancePath + "/profiles", parentData: data, parentDataProperty: "profiles", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.stages !== void 0) {
      if (!validate29(data.stages, { instancePath: instancePath + "/stages", parentData: data, parentDataProperty: "stages", rootData })) {
        vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors);
        errors = vErrors.length;
      }
    }
    if (data.gates !== void 0) {
      if (!validate37(data.gates, { instancePath: instancePath + "/gates", parentData: data, parentDataProperty: "gates", rootData })) {
        vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err13];
    } else {
      vErrors.push(err13);
    }
    errors++;
  }
  validate18.errors = vErrors;
  return errors === 0;
}
var validate_plot = validate72;
var schema108 = { "$schema": "http://json-schema.org/draft-07/schema#", "title": "PlotFile", "markdownDescription": "A chart that a stage hands to the report: an output whose path ends in `.plot.json`.", "type": "object", "required": ["title", "x", "y", "series"], "additionalProperties": false, "properties": { "title": { "type": "string" }, "kind": { "enum": ["lines", "scatter", "bars", "histogram", "heatmap"], "markdownDescription": "How points are drawn: joined, alone, as bars from 0, as bins from each x to the next (the last point only ends the last bin), or as fields of `[x, y, value]`. Default `lines`." }, "facets": { "type": "boolean", "markdownDescription": "Each series in a frame of its own, whose y axis is its own, as losses of different scales need. Default false: all in one." }, "x": { "$ref": "#/definitions/PlotAxis" }, "y": { "$ref": "#/definitions/PlotAxis" }, "series": { "type": "array", "contains": {}, "items": { "$ref": "#/definitions/PlotSeries" }, "markdownDescription": "At least one." }, "note": { "type": "string", "markdownDescription": "A sentence below the chart." } }, "definitions": { "PlotAxis": { "type": "object", "required": ["label"], "additionalProperties": false, "properties": { "label": { "type": "string", "markdownDescription": "The quantity, with its unit." }, "log": { "type": "boolean", "markdownDescription": "A logarithmic scale, on which every coordinate must be above 0. Default false." }, "reverse": { "type": "boolean", "markdownDescription": "Values grow downwards, or to the left, such as the rows of a matrix. Default false: upwards, and to the right." }, "names": { "type": "array", "items": { "type": "string" }, "markdownDescription": "What 0, 1, 2, … on this axis are called, such as the classes of a confusion matrix." } } }, "PlotSeries": { "type": "object", "required": ["name", "points"], "additionalProperties": false, "properties": { "name": { "type": "string", "markdownDescription": "As the legend shows it." }, "points": { "type": "array", "contains": {}, "items": { "$ref": "#/definitions/PlotPoint" }, "markdownDescription": "At least one." } } }, "PlotPoint": { "markdownDescription": "`[x, y]`, `[x, y, standard error of y]`, or of a heat map `[x, y, value]`.", "type": "array", "minItems": 2, "maxItems": 3, "items": [{ "type": "number" }, { "type": "number" }, { "type": "number" }], "additionalItems": false } } };
function validate73(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.points === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "points" }, message: "must have required property 'points'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "points")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      if (typeof data.name !== "string") {
        const err3 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.points !== void 0) {
      let data1 = data.points;
      if (Array.isArray(data1)) {
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (Array.isArray(data2)) {
            if (data2.length > 3) {
              const err4 = { instancePath: instancePath + "/points/" + i0, schemaPath: "#/definitions/PlotPoint/maxItems", keyword: "maxItems", params: { limit: 3 }, message: "must NOT have more than 3 items" };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
            if (data2.length < 2) {
              const err5 = { instancePath: instancePath + "/points/" + i0, schemaPath: "#/definitions/PlotPoint/minItems", keyword: "minItems", params: { limit: 2 }, message: "must NOT have fewer than 2 items" };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
            const len1 = data2.length;
            if (!(len1 <= 3)) {
              const err6 = { instancePath: instancePath + "/points/" + i0, schemaPath: "#/definitions/PlotPoint/additionalItems", keyword: "additionalItems", params: { limit: 3 }, message: "must NOT have more than 3 items" };
              if (vErrors === null) {
                vErrors = [err6];
              } else {
                vErrors.push(err6);
              }
              errors++;
            }
            const len2 = data2.length;
            if (len2 > 0) {
              let data3 = data2[0];
              if (!(typeof data3 == "number" && isFinite(data3))) {
                const err7 = { instancePath: instancePath + "/points/" + i0 + "/0", schemaPath: "#/definitions/PlotPoint/items/0/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err7];
                } else {
                  vErrors.push(err7);
                }
                errors++;
              }
            }
            if (len2 > 1) {
              let data4 = data2[1];
              if (!(typeof data4 == "number" && isFinite(data4))) {
                const err8 = { instancePath: instancePath + "/points/" + i0 + "/1", schemaPath: "#/definitions/PlotPoint/items/1/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err8];
                } else {
                  vErrors.push(err8);
                }
                errors++;
              }
            }
            if (len2 > 2) {
              let data5 = data2[2];
              if (!(typeof data5 == "number" && isFinite(data5))) {
                const err9 = { instancePath: instancePath + "/points/" + i0 + "/2", schemaPath: "#/definitions/PlotPoint/items/2/type", keyword: "type", params: { type: "number" }, message: "must be number" };
                if (vErrors === null) {
                  vErrors = [err9];
                } else {
                  vErrors.push(err9);
                }
                errors++;
              }
            }
          } else {
            const err10 = { instancePath: instancePath + "/points/" + i0, schemaPath: "#/definitions/PlotPoint/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        const len3 = data1.length;
        if (!(len3 >= 1)) {
          const err11 = { instancePath: instancePath + "/points", schemaPath: "#/properties/points/contains", keyword: "contains", params: { minContains: 1 }, message: "must contain at least 1 valid item(s)" };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      } else {
        const err12 = { instancePath: instancePath + "/points", schemaPath: "#/properties/points/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
  } else {
    const err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err13];
    } else {
      vErrors.push(err13);
    }
    errors++;
  }
  validate73.errors = vErrors;
  return errors === 0;
}
function validate72(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.title === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "title" }, message: "must have required property 'title'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.x === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "x" }, message: "must have required property 'x'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.y === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "y" }, message: "must have required property 'y'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.series === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "series" }, message: "must have required property 'series'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "title" || key0 === "kind" || key0 === "facets" || key0 === "x" || key0 === "y" || key0 === "series" || key0 === "note")) {
        const err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.title !== void 0) {
      if (typeof data.title !== "string") {
        const err5 = { instancePath: instancePath + "/title", schemaPath: "#/properties/title/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.kind !== void 0) {
      let data1 = data.kind;
      if (!(data1 === "lines" || data1 === "scatter" || data1 === "bars" || data1 === "histogram" || data1 === "heatmap")) {
        const err6 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/enum", keyword: "enum", params: { allowedValues: schema108.properties.kind.enum }, message: "must be equal to one of the allowed values" };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.facets !== void 0) {
      if (typeof data.facets !== "boolean") {
        const err7 = { instancePath: instancePath + "/facets", schemaPath: "#/properties/facets/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.x !== void 0) {
      let data3 = data.x;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        if (data3.label === void 0) {
          const err8 = { instancePath: instancePath + "/x", schemaPath: "#/definitions/PlotAxis/required", keyword: "required", params: { missingProperty: "label" }, message: "must have required property 'label'" };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        for (const key1 in data3) {
          if (!(key1 === "label" || key1 === "log" || key1 === "reverse" || key1 === "names")) {
            const err9 = { instancePath: instancePath + "/x", schemaPath: "#/definitions/PlotAxis/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        if (data3.label !== void 0) {
          if (typeof data3.label !== "string") {
            const err10 = { instancePath: instancePath + "/x/label", schemaPath: "#/definitions/PlotAxis/properties/label/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        if (data3.log !== void 0) {
          if (typeof data3.log !== "boolean") {
            const err11 = { instancePath: instancePath + "/x/log", schemaPath: "#/definitions/PlotAxis/properties/log/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
        if (data3.reverse !== void 0) {
          if (typeof data3.reverse !== "boolean") {
            const err12 = { instancePath: instancePath + "/x/reverse", schemaPath: "#/definitions/PlotAxis/properties/reverse/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data3.names !== void 0) {
          let data7 = data3.names;
          if (Array.isArray(data7)) {
            const len0 = data7.length;
            for (let i0 = 0; i0 < len0; i0++) {
              if (typeof data7[i0] !== "string") {
                const err13 = { instancePath: instancePath + "/x/names/" + i0, schemaPath: "#/definitions/PlotAxis/properties/names/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err13];
                } else {
                  vErrors.push(err13);
                }
                errors++;
              }
            }
          } else {
            const err14 = { instancePath: instancePath + "/x/names", schemaPath: "#/definitions/PlotAxis/properties/names/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
      } else {
        const err15 = { instancePath: instancePath + "/x", schemaPath: "#/definitions/PlotAxis/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data.y !== void 0) {
      let data9 = data.y;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        if (data9.label === void 0) {
          const err16 = { instancePath: instancePath + "/y", schemaPath: "#/definitions/PlotAxis/required", keyword: "required", params: { missingProperty: "label" }, message: "must have required property 'label'" };
          if (vErrors === null) {
            vErrors = [err16];
          } else {
            vErrors.push(err16);
          }
          errors++;
        }
        for (const key2 in data9) {
          if (!(key2 === "label" || key2 === "log" || key2 === "reverse" || key2 === "names")) {
            const err17 = { instancePath: instancePath + "/y", schemaPath: "#/definitions/PlotAxis/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties" };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
        }
        if (data9.label !== void 0) {
          if (typeof data9.label !== "string") {
            const err18 = { instancePath: instancePath + "/y/label", schemaPath: "#/definitions/PlotAxis/properties/label/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
        if (data9.log !== void 0) {
          if (typeof data9.log !== "boolean") {
            const err19 = { instancePath: instancePath + "/y/log", schemaPath: "#/definitions/PlotAxis/properties/log/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
        }
        if (data9.reverse !== void 0) {
          if (typeof data9.reverse !== "boolean") {
            const err20 = { instancePath: instancePath + "/y/reverse", schemaPath: "#/definitions/PlotAxis/properties/reverse/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
        if (data9.names !== void 0) {
          let data13 = data9.names;
          if (Array.isArray(data13)) {
            const len1 = data13.length;
            for (let i1 = 0; i1 < len1; i1++) {
              if (typeof data13[i1] !== "string") {
                const err21 = { instancePath: instancePath + "/y/names/" + i1, schemaPath: "#/definitions/PlotAxis/properties/names/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err21];
                } else {
                  vErrors.push(err21);
                }
                errors++;
              }
            }
          } else {
            const err22 = { instancePath: instancePath + "/y/names", schemaPath: "#/definitions/PlotAxis/properties/names/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
        }
      } else {
        const err23 = { instancePath: instancePath + "/y", schemaPath: "#/definitions/PlotAxis/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data.series !== void 0) {
      let data15 = data.series;
      if (Array.isArray(data15)) {
        const len2 = data15.length;
        for (let i2 = 0; i2 < len2; i2++) {
          if (!validate73(data15[i2], { instancePath: instancePath + "/series/" + i2, parentData: data15, parentDataProperty: i2, rootData })) {
            vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors);
            errors = vErrors.length;
          }
        }
        const len3 = data15.length;
        if (!(len3 >= 1)) {
          const err24 = { instancePath: instancePath + "/series", schemaPath: "#/properties/series/contains", keyword: "contains", params: { minContains: 1 }, message: "must contain at least 1 valid item(s)" };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
      } else {
        const err25 = { instancePath: instancePath + "/series", schemaPath: "#/properties/series/type", keyword: "type", params: { type: "array" }, message: "must be array" };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data.note !== void 0) {
      if (typeof data.note !== "string") {
        const err26 = { instancePath: instancePath + "/note", schemaPath: "#/properties/note/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err26];
        } else {
          vErrors.push(err26);
        }
        errors++;
      }
    }
  } else {
    const err27 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err27];
    } else {
      vErrors.push(err27);
    }
    errors++;
  }
  validate72.errors = vErrors;
  return errors === 0;
}
var validate_record = validate54;
var validate_stage = validate75;
var schema113 = { "$schema": "http://json-schema.org/draft-07/schema#", "title": "StageAssignment", "markdownDescription": "What the runner tells a stage, in the file that the environment variable REPRO_STAGE names.", "type": "object", "required": ["protocol", "stage", "cell", "seed", "threads", "params", "inputs", "outputs"], "additionalProperties": false, "properties": { "protocol": { "const": 1 }, "stage": { "type": "string" }, "cell": { "$ref": "#/definitions/Cell" }, "seed": { "type": "integer", "minimum": 0, "markdownDescription": "Derived from the pipeline's seed, the stage and the cell; below 2^48." }, "threads": { "type": "integer", "minimum": 1, "markdownDescription": "Threads the stage may use: its declared cpus." }, "params": { "type": "object", "additionalProperties": {}, "markdownDescription": "Declared parameters, nested as in the pipeline." }, "inputs": { "type": "object", "markdownDescription": "Absolute paths by name; a list for a gathered input; null for an optional input that is absent.", "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }, { "type": "null" }] } }, "labels": { "type": "object", "markdownDescription": "Of gathered inputs that were declared with `cells`: the axes of each file, in the order of the paths.", "additionalProperties": { "type": "array", "items": { "$ref": "#/definitions/Cell" } } }, "outputs": { "type": "object", "additionalProperties": { "type": "string" }, "markdownDescription": "Absolute paths to write, by name." }, "numbers": { "type": "string", "markdownDescription": "Absolute path of the numbers file to write, when declared." } }, "definitions": { "Cell": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } } } };
var schema114 = { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } };
function validate75(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.protocol === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "protocol" }, message: "must have required property 'protocol'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.stage === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stage" }, message: "must have required property 'stage'" };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.cell === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "cell" }, message: "must have required property 'cell'" };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    if (data.seed === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "seed" }, message: "must have required property 'seed'" };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    if (data.threads === void 0) {
      const err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "threads" }, message: "must have required property 'threads'" };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    if (data.params === void 0) {
      const err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "params" }, message: "must have required property 'params'" };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    if (data.inputs === void 0) {
      const err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "inputs" }, message: "must have required property 'inputs'" };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (data.outputs === void 0) {
      const err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "outputs" }, message: "must have required property 'outputs'" };
      if (vErrors === null) {
        vErrors = [err7];
      } else {
        vErrors.push(err7);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func9.call(schema113.properties, key0)) {
        const err8 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.protocol !== void 0) {
      if (1 !== data.protocol) {
        const err9 = { instancePath: instancePath + "/protocol", schemaPath: "#/properties/protocol/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant" };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.stage !== void 0) {
      if (typeof data.stage !== "string") {
        const err10 = { instancePath: instancePath + "/stage", schemaPath: "#/properties/stage/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.cell !== void 0) {
      let data2 = data.cell;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          let data3 = data2[key1];
          if (typeof data3 !== "string" && !(typeof data3 == "number" && isFinite(data3)) && typeof data3 !== "boolean") {
            const err11 = { instancePath: instancePath + "/cell/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Cell/additionalProperties/type", keyword: "type", params: { type: schema114.additionalProperties.type }, message: "must be string,number,boolean" };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
      } else {
        const err12 = { instancePath: instancePath + "/cell", schemaPath: "#/definitions/Cell/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.seed !== void 0) {
      let data4 = data.seed;
      if (!(typeof data4 == "number" && (!(data4 % 1) && !isNaN(data4)) && isFinite(data4))) {
        const err13 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
      if (typeof data4 == "number" && isFinite(data4)) {
        if (data4 < 0 || isNaN(data4)) {
          const err14 = { instancePath: instancePath + "/seed", schemaPath: "#/properties/seed/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" };
          if (vErrors === null) {
            vErrors = [err14];
          } else {
            vErrors.push(err14);
          }
          errors++;
        }
      }
    }
    if (data.threads !== void 0) {
      let data5 = data.threads;
      if (!(typeof data5 == "number" && (!(data5 % 1) && !isNaN(data5)) && isFinite(data5))) {
        const err15 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
      if (typeof data5 == "number" && isFinite(data5)) {
        if (data5 < 1 || isNaN(data5)) {
          const err16 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" };
          if (vErrors === null) {
            vErrors = [err16];
          } else {
            vErrors.push(err16);
          }
          errors++;
        }
      }
    }
    if (data.params !== void 0) {
      let data6 = data.params;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
      } else {
        const err17 = { instancePath: instancePath + "/params", schemaPath: "#/properties/params/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.inputs !== void 0) {
      let data7 = data.inputs;
      if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
        for (const key2 in data7) {
          let data8 = data7[key2];
          const _errs22 = errors;
          let valid4 = false;
          const _errs23 = errors;
          if (typeof data8 !== "string") {
            const err18 = { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
          var _valid0 = _errs23 === errors;
          valid4 = valid4 || _valid0;
          if (!valid4) {
            const _errs25 = errors;
            if (Array.isArray(data8)) {
              const len0 = data8.length;
              for (let i0 = 0; i0 < len0; i0++) {
                if (typeof data8[i0] !== "string") {
                  const err19 = { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/properties/inputs/additionalProperties/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                  if (vErrors === null) {
                    vErrors = [err19];
                  } else {
                    vErrors.push(err19);
                  }
                  errors++;
                }
              }
            } else {
              const err20 = { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array" };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
            var _valid0 = _errs25 === errors;
            valid4 = valid4 || _valid0;
            if (!valid4) {
              const _errs29 = errors;
              if (data8 !== null) {
                const err21 = { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf/2/type", keyword: "type", params: { type: "null" }, message: "must be null" };
                if (vErrors === null) {
                  vErrors = [err21];
                } else {
                  vErrors.push(err21);
                }
                errors++;
              }
              var _valid0 = _errs29 === errors;
              valid4 = valid4 || _valid0;
            }
          }
          if (!valid4) {
            const err22 = { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/inputs/additionalProperties/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf" };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          } else {
            errors = _errs22;
            if (vErrors !== null) {
              if (_errs22) {
                vErrors.length = _errs22;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err23 = { instancePath: instancePath + "/inputs", schemaPath: "#/properties/inputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data.labels !== void 0) {
      let data10 = data.labels;
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
        for (const key3 in data10) {
          let data11 = data10[key3];
          if (Array.isArray(data11)) {
            const len1 = data11.length;
            for (let i1 = 0; i1 < len1; i1++) {
              let data12 = data11[i1];
              if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
                for (const key4 in data12) {
                  let data13 = data12[key4];
                  if (typeof data13 !== "string" && !(typeof data13 == "number" && isFinite(data13)) && typeof data13 !== "boolean") {
                    const err24 = { instancePath: instancePath + "/labels/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i1 + "/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/Cell/additionalProperties/type", keyword: "type", params: { type: schema114.additionalProperties.type }, message: "must be string,number,boolean" };
                    if (vErrors === null) {
                      vErrors = [err24];
                    } else {
                      vErrors.push(err24);
                    }
                    errors++;
                  }
                }
              } else {
                const err25 = { instancePath: instancePath + "/labels/" + key3.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i1, schemaPath: "#/definitions/Cell/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err25];
                } else {
                  vErrors.push(err25);
                }
                errors++;
              }
            }
          } else {
            const err26 = { instancePath: instancePath + "/labels/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/labels/additionalProperties/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          }
        }
      } else {
        const err27 = { instancePath: instancePath + "/labels", schemaPath: "#/properties/labels/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err27];
        } else {
          vErrors.push(err27);
        }
        errors++;
      }
    }
    if (data.outputs !== void 0) {
      let data14 = data.outputs;
      if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
        for (const key5 in data14) {
          if (typeof data14[key5] !== "string") {
            const err28 = { instancePath: instancePath + "/outputs/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/outputs/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
        }
      } else {
        const err29 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
    if (data.numbers !== void 0) {
      if (typeof data.numbers !== "string") {
        const err30 = { instancePath: instancePath + "/numbers", schemaPath: "#/properties/numbers/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err30];
        } else {
          vErrors.push(err30);
        }
        errors++;
      }
    }
  } else {
    const err31 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err31];
    } else {
      vErrors.push(err31);
    }
    errors++;
  }
  validate75.errors = vErrors;
  return errors === 0;
}
export {
  validate_config,
  validate_included,
  validate_manifest,
  validate_numbers,
  validate_pipeline,
  validate_plot,
  validate_record,
  validate_stage
};
