// Made from schemas/ by `npm run generate`. Edit the schemas, not this file.
import type { Table } from '../schema-table.ts'

/** Kind of file -> its definition. */
export const ROOTS = {"pipeline":"Pipeline","coordinator":"Coordinator","agents":"AgentsFile","config":"Config"} as const

/** Every definition, as far as `schema-table.ts` reads it. */
export const TABLE: Table = {
 "Pipeline": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "pipeline": {
    "$ref": "dashedName"
   },
   "opsflow": {
    "$ref": "formatVersion"
   },
   "description": {
    "type": "string"
   },
   "signals": {
    "$ref": "pipelineSignals"
   },
   "agents": {
    "anyOf": [
     {
      "type": "array",
      "items": {
       "$ref": "dashedName"
      }
     },
     {
      "$ref": "agents"
     }
    ]
   },
   "timeout": {
    "$ref": "limitOrTemplate"
   },
   "grace": {
    "$ref": "duration"
   },
   "due": {
    "$ref": "limitOrTemplate",
    "x-not-yet-supported": "a deadline of a whole run comes later; `due` of its steps works now"
   },
   "fail_fast": {
    "type": "boolean"
   },
   "max_parallel": {
    "$ref": "countOrTemplate"
   },
   "inputs": {
    "$ref": "valueSchemas"
   },
   "vars": {
    "type": "object",
    "additionalProperties": {
     "$ref": "json"
    }
   },
   "outputs": {
    "type": "object",
    "additionalProperties": {
     "$ref": "pipelineOutput"
    }
   },
   "next_steps": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "defaults": {
    "$ref": "defaults"
   },
   "env": {
    "$ref": "environment"
   },
   "cwd": {
    "type": "string"
   },
   "mutex": {
    "type": "string"
   },
   "isolation": {
    "$ref": "isolation"
   },
   "secrets": {
    "type": "array",
    "items": {
     "$ref": "secretEntry"
    }
   },
   "permissions": {
    "$ref": "permissions"
   },
   "project": {
    "type": "string",
    "x-not-yet-supported": "work in several repositories comes later"
   },
   "environment": {
    "type": "string",
    "x-not-yet-supported": "environments come later; `env` and `secrets` work now"
   },
   "sandbox": {
    "$ref": "sandbox",
    "x-not-yet-supported": "sandboxes come later; `isolation: worktree` and `permissions` work now"
   },
   "budget": {
    "$ref": "budget",
    "x-not-yet-supported": "budgets come with models"
   },
   "steps": {
    "$ref": "steps"
   },
   "gates": {
    "$ref": "gates"
   },
   "finally": {
    "$ref": "steps"
   }
  }
 },
 "Coordinator": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "coordinator": {
    "$ref": "coordinatorName"
   },
   "opsflow": {
    "$ref": "formatVersion"
   },
   "description": {
    "type": "string"
   },
   "domain": {
    "type": "string"
   },
   "tier": {
    "type": "string",
    "x-not-yet-supported": "model tiers come with models"
   },
   "reports_to": {
    "type": "string"
   },
   "agents": {
    "type": "array",
    "items": {
     "$ref": "dashedName"
    }
   },
   "max_parallel": {
    "type": "integer"
   },
   "defaults": {
    "$ref": "defaults"
   },
   "payload": {
    "$ref": "valueSchemas"
   },
   "signals": {
    "type": "object",
    "additionalProperties": {
     "$ref": "signalEntry"
    }
   },
   "permissions": {
    "$ref": "permissions"
   },
   "gates": {
    "$ref": "gates"
   },
   "escalate": {
    "type": "array",
    "items": {
     "$ref": "escalation"
    }
   },
   "report": {
    "$ref": "coordinatorReport"
   }
  }
 },
 "AgentsFile": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "opsflow": {
    "$ref": "formatVersion"
   },
   "models": {
    "$ref": "models",
    "x-not-yet-supported": "model tiers come with models"
   },
   "actions": {
    "type": "object",
    "additionalProperties": {
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "permissions": {
    "$ref": "permissions"
   },
   "defaults": {
    "$ref": "defaults"
   },
   "agents": {
    "$ref": "agents"
   }
  }
 },
 "Config": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "$schema": {
    "type": "string"
   },
   "opsflow": {
    "$ref": "formatVersion"
   },
   "pipelines": {
    "$ref": "globs"
   },
   "agents": {
    "type": "string"
   },
   "state": {
    "type": "string"
   },
   "people": {
    "type": "object",
    "additionalProperties": {
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "environments": {
    "type": "object",
    "additionalProperties": {
     "$ref": "environmentEntry"
    },
    "x-not-yet-supported": "environments come later; `env` and `secrets` work now"
   },
   "projects": {
    "type": "array",
    "items": {
     "$ref": "projectEntry"
    },
    "x-not-yet-supported": "work in several repositories comes later"
   },
   "models": {
    "$ref": "models",
    "x-not-yet-supported": "model tiers come with models"
   },
   "secrets": {
    "type": "array",
    "items": {
     "$ref": "secretProvider"
    }
   },
   "lint": {
    "$ref": "lintSettings"
   },
   "defaults": {
    "$ref": "defaults"
   }
  }
 },
 "pipelineSignals": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "accepts": {
    "type": "array",
    "items": {
     "$ref": "signalName"
    }
   },
   "emits": {
    "type": "array",
    "items": {
     "$ref": "signalName"
    }
   }
  }
 },
 "pipelineOutput": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "value": {
    "$ref": "json"
   },
   "description": {
    "type": "string"
   },
   "deliverable": {
    "type": "string"
   }
  }
 },
 "signalEntry": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "description": {
    "type": "string"
   },
   "pipeline": {
    "$ref": "dashedName"
   },
   "route": {
    "type": "array",
    "items": {
     "$ref": "signalRoute"
    }
   },
   "forward": {
    "$ref": "coordinatorName"
   },
   "from": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "payload": {
    "$ref": "valueSchemas"
   }
  }
 },
 "signalRoute": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "when": {
    "$ref": "condition"
   },
   "pipeline": {
    "$ref": "dashedName"
   }
  }
 },
 "escalation": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "id": {
    "$ref": "name"
   },
   "when": {
    "$ref": "condition"
   },
   "to": {
    "type": "string"
   },
   "then": {
    "const": "pause"
   },
   "timeout": {
    "$ref": "limit"
   }
  }
 },
 "coordinatorReport": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "sections": {
    "type": "array",
    "items": {
     "enum": [
      "summary",
      "deliverables",
      "contributions",
      "gates",
      "issues",
      "next_steps"
     ]
    }
   },
   "xo": {
    "$ref": "xoReport",
    "x-not-yet-supported": "it reports on sessions of agents, and agents come with models; `opsflow report --since 7d` reports on runs now"
   },
   "targets": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    }
   }
  }
 },
 "xoReport": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "at": {
    "type": "array",
    "items": {
     "enum": [
      "session_end",
      "request"
     ]
    }
   },
   "failures": {
    "type": "integer"
   },
   "to": {
    "$ref": "coordinatorName"
   }
  }
 },
 "environmentEntry": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "vars": {
    "type": "object",
    "additionalProperties": {
     "$ref": "json"
    }
   },
   "secrets": {
    "type": "array",
    "items": {
     "$ref": "variableName"
    }
   },
   "approvers": {
    "$ref": "roles"
   }
  }
 },
 "projectEntry": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "alias": {
    "$ref": "dashedName"
   },
   "path": {
    "type": "string"
   },
   "repo": {
    "type": "string"
   },
   "protected": {
    "type": "array",
    "items": {
     "type": "string"
    }
   }
  }
 },
 "secretProvider": {
  "anyOf": [
   {
    "const": "env"
   },
   {
    "$ref": "secretSource"
   }
  ]
 },
 "secretSource": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "file": {
    "type": "string"
   },
   "command": {
    "type": "string"
   }
  }
 },
 "lintSettings": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "severities": {
    "type": "object",
    "additionalProperties": {
     "$ref": "lintSeverity"
    }
   },
   "max_warnings": {
    "type": "integer"
   }
  }
 },
 "lintSeverity": {
  "enum": [
   "error",
   "warning",
   "info",
   "ignore"
  ]
 },
 "json": {},
 "name": {
  "type": "string",
  "x-is": "name"
 },
 "dashedName": {
  "type": "string",
  "x-is": "dashed-name"
 },
 "taskName": {
  "type": "string",
  "x-is": "task-name"
 },
 "variableName": {
  "type": "string",
  "x-is": "variable-name"
 },
 "coordinatorName": {
  "type": "string",
  "x-is": "coordinator-name"
 },
 "signalName": {
  "type": "string",
  "x-is": "signal-name"
 },
 "signalPattern": {
  "type": "string",
  "x-is": "signal-pattern"
 },
 "usesName": {
  "type": "string",
  "x-is": "fixed-name"
 },
 "condition": {
  "type": [
   "string",
   "boolean"
  ],
  "x-is": "condition"
 },
 "template": {
  "type": "string",
  "x-is": "template"
 },
 "duration": {
  "type": "string",
  "x-is": "duration"
 },
 "limit": {
  "type": "string",
  "x-is": "duration"
 },
 "limitOrTemplate": {
  "type": "string",
  "x-is": "duration"
 },
 "durationOrTemplate": {
  "type": "string",
  "x-is": "duration"
 },
 "countOrTemplate": {
  "anyOf": [
   {
    "type": "integer"
   },
   {
    "$ref": "template"
   }
  ]
 },
 "percent": {
  "type": "string",
  "x-is": "percent"
 },
 "level": {
  "enum": [
   "mandatory",
   "advisory"
  ]
 },
 "roles": {
  "type": "array",
  "items": {
   "type": "string"
  }
 },
 "globs": {
  "type": "array",
  "items": {
   "type": "string"
  }
 },
 "formatVersion": {
  "const": 1
 },
 "values": {
  "type": "object",
  "additionalProperties": {
   "$ref": "json"
  }
 },
 "environment": {
  "type": "object",
  "additionalProperties": {
   "type": "string"
  }
 },
 "valueType": {
  "enum": [
   "string",
   "integer",
   "number",
   "boolean",
   "array",
   "object"
  ]
 },
 "valueSchema": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "type": {
    "$ref": "valueType"
   },
   "description": {
    "type": "string"
   },
   "enum": {
    "type": "array",
    "items": {
     "$ref": "json"
    }
   },
   "const": {
    "$ref": "json"
   },
   "default": {
    "$ref": "json"
   },
   "optional": {
    "type": "boolean"
   },
   "pattern": {
    "type": "string"
   },
   "format": {
    "enum": [
     "uri",
     "email",
     "date",
     "date-time",
     "uuid"
    ]
   },
   "minLength": {
    "type": "integer"
   },
   "maxLength": {
    "type": "integer"
   },
   "minimum": {
    "type": "number"
   },
   "maximum": {
    "type": "number"
   },
   "items": {
    "$ref": "valueSchema"
   },
   "minItems": {
    "type": "integer"
   },
   "maxItems": {
    "type": "integer"
   },
   "properties": {
    "type": "object",
    "additionalProperties": {
     "$ref": "valueSchema"
    }
   },
   "required": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "additionalProperties": {
    "type": "boolean"
   }
  }
 },
 "valueSchemas": {
  "type": "object",
  "additionalProperties": {
   "$ref": "valueSchema"
  }
 },
 "needs": {
  "anyOf": [
   {
    "type": "array",
    "items": {
     "$ref": "name"
    }
   },
   {
    "type": "object",
    "additionalProperties": {
     "$ref": "needEnd"
    }
   }
  ]
 },
 "needEnd": {
  "enum": [
   "succeeded",
   "completed",
   "failed"
  ]
 },
 "runText": {
  "anyOf": [
   {
    "type": "string"
   },
   {
    "type": "array",
    "items": {
     "type": "string"
    }
   }
  ]
 },
 "shell": {
  "enum": [
   "sh",
   "bash"
  ]
 },
 "agentChoice": {
  "anyOf": [
   {
    "$ref": "dashedName"
   },
   {
    "$ref": "agentRoute"
   }
  ]
 },
 "agentRoute": {
  "type": "object",
  "additionalProperties": false,
  "x-not-yet-supported": "choosing an agent by a value comes with routing by task type",
  "properties": {
   "by": {
    "$ref": "template"
   },
   "to": {
    "type": "object",
    "additionalProperties": {
     "$ref": "dashedName"
    }
   },
   "default": {
    "$ref": "dashedName"
   }
  }
 },
 "http": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "method": {
    "enum": [
     "GET",
     "HEAD",
     "POST",
     "PUT",
     "PATCH",
     "DELETE",
     "OPTIONS"
    ]
   },
   "url": {
    "type": "string"
   },
   "headers": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    }
   },
   "body": {
    "$ref": "json"
   },
   "expect": {
    "anyOf": [
     {
      "$ref": "httpStatus"
     },
     {
      "type": "array",
      "items": {
       "$ref": "httpStatus"
      }
     }
    ]
   }
  }
 },
 "httpStatus": {
  "type": "integer"
 },
 "approval": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "prompt": {
    "type": "string"
   },
   "show": {
    "type": "string"
   },
   "from": {
    "$ref": "roles"
   },
   "self": {
    "type": "boolean"
   }
  }
 },
 "ask": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "prompt": {
    "type": "string"
   },
   "from": {
    "$ref": "roles"
   },
   "answer": {
    "$ref": "valueSchemas"
   }
  }
 },
 "wait": {
  "anyOf": [
   {
    "$ref": "durationOrTemplate"
   },
   {
    "$ref": "signalWait"
   }
  ]
 },
 "signalWait": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "signal": {
    "$ref": "signalName"
   },
   "when": {
    "$ref": "condition"
   }
  }
 },
 "stall": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "idle": {
    "$ref": "limit"
   },
   "nudge": {
    "type": "integer",
    "x-not-yet-supported": "only a model can be nudged, and models come later"
   },
   "then": {
    "const": "kill"
   }
  }
 },
 "failure": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "match": {
    "type": "string"
   },
   "exit": {
    "type": "integer"
   },
   "recover": {
    "$ref": "recover"
   },
   "hint": {
    "type": "string"
   }
  }
 },
 "failures": {
  "type": "object",
  "additionalProperties": {
   "$ref": "failure"
  }
 },
 "recover": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "run": {
    "$ref": "runText"
   },
   "uses": {
    "$ref": "usesName"
   },
   "http": {
    "$ref": "http"
   },
   "agent": {
    "$ref": "dashedName"
   },
   "task": {
    "$ref": "taskName"
   },
   "with": {
    "$ref": "values"
   },
   "env": {
    "$ref": "environment"
   },
   "shell": {
    "$ref": "shell"
   },
   "timeout": {
    "$ref": "limit"
   }
  }
 },
 "retry": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "attempts": {
    "$ref": "countOrTemplate"
   },
   "only": {
    "type": "array",
    "items": {
     "$ref": "name"
    }
   },
   "backoff": {
    "$ref": "duration"
   },
   "factor": {
    "type": "number"
   },
   "max": {
    "$ref": "duration"
   },
   "jitter": {
    "$ref": "percent"
   },
   "narrow": {
    "type": "boolean",
    "x-not-yet-supported": "narrowing speaks to a model, and models come later"
   }
  }
 },
 "foreach": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "items": {
    "anyOf": [
     {
      "type": "array",
      "items": {
       "$ref": "json"
      }
     },
     {
      "$ref": "template"
     }
    ]
   },
   "key": {
    "type": "string"
   },
   "needs": {
    "$ref": "template"
   },
   "max_parallel": {
    "$ref": "countOrTemplate"
   }
  }
 },
 "repeat": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "until": {
    "$ref": "condition"
   },
   "max": {
    "$ref": "countOrTemplate"
   },
   "delay": {
    "$ref": "duration"
   },
   "on_max": {
    "enum": [
     "fail",
     "stop"
    ]
   }
  }
 },
 "budget": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "usd": {
    "type": "number"
   },
   "tokens": {
    "type": "integer"
   },
   "turns": {
    "type": "integer"
   }
  }
 },
 "cache": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "key": {
    "type": "string"
   },
   "files": {
    "$ref": "globs"
   }
  }
 },
 "isolation": {
  "const": "worktree"
 },
 "sandbox": {
  "enum": [
   "none",
   "auto",
   "required"
  ]
 },
 "effects": {
  "enum": [
   "none",
   "workspace",
   "external"
  ]
 },
 "secretEntry": {
  "anyOf": [
   {
    "$ref": "variableName"
   },
   {
    "$ref": "declaredSecret"
   }
  ]
 },
 "declaredSecret": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "name": {
    "$ref": "variableName"
   },
   "optional": {
    "type": "boolean"
   }
  }
 },
 "interrupted": {
  "enum": [
   "rerun",
   "fail",
   "ask"
  ]
 },
 "onTimeout": {
  "enum": [
   "fail",
   "reject",
   "escalate"
  ]
 },
 "ownEntry": {
  "anyOf": [
   {
    "type": "string"
   },
   {
    "$ref": "sharedPaths"
   }
  ]
 },
 "sharedPaths": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "paths": {
    "$ref": "globs"
   },
   "backup": {
    "type": "array",
    "items": {
     "$ref": "dashedName"
    },
    "x-not-yet-supported": "shared ownership comes with agents that models drive"
   },
   "mediator": {
    "$ref": "dashedName",
    "x-not-yet-supported": "shared ownership comes with agents that models drive"
   }
  }
 },
 "owns": {
  "type": "array",
  "items": {
   "$ref": "ownEntry"
  }
 },
 "permissions": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "allow": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "deny": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "ask": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    }
   }
  }
 },
 "checkAsk": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "prompt": {
    "type": "string"
   },
   "from": {
    "$ref": "roles"
   }
  }
 },
 "check": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "id": {
    "$ref": "name"
   },
   "title": {
    "type": "string"
   },
   "level": {
    "$ref": "level"
   },
   "for": {
    "type": "array",
    "items": {
     "$ref": "taskName"
    }
   },
   "timeout": {
    "$ref": "limit"
   },
   "when": {
    "$ref": "condition"
   },
   "paths": {
    "$ref": "globs"
   },
   "run": {
    "$ref": "runText"
   },
   "uses": {
    "$ref": "usesName"
   },
   "with": {
    "$ref": "values"
   },
   "http": {
    "$ref": "http"
   },
   "file": {
    "type": "string"
   },
   "require": {
    "$ref": "condition"
   },
   "agent": {
    "$ref": "dashedName",
    "x-not-yet-supported": "agents that judge come with models"
   },
   "task": {
    "$ref": "taskName",
    "x-not-yet-supported": "agents that judge come with models"
   },
   "ask": {
    "$ref": "checkAsk"
   },
   "env": {
    "$ref": "environment"
   },
   "cwd": {
    "type": "string"
   },
   "shell": {
    "$ref": "shell"
   }
  }
 },
 "checks": {
  "type": "array",
  "items": {
   "$ref": "check"
  }
 },
 "bypass": {
  "anyOf": [
   {
    "const": "never"
   },
   {
    "$ref": "bypassBy"
   }
  ]
 },
 "bypassBy": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "by": {
    "$ref": "roles"
   }
  }
 },
 "gate": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "description": {
    "type": "string"
   },
   "level": {
    "$ref": "level"
   },
   "when": {
    "$ref": "condition"
   },
   "paths": {
    "$ref": "globs"
   },
   "of": {
    "type": "array",
    "items": {
     "$ref": "name"
    }
   },
   "success": {
    "$ref": "percent"
   },
   "must_pass": {
    "type": "array",
    "items": {
     "$ref": "name"
    }
   },
   "before": {
    "type": "array",
    "items": {
     "$ref": "name"
    }
   },
   "bypass": {
    "$ref": "bypass"
   },
   "checks": {
    "$ref": "checks"
   }
  }
 },
 "gates": {
  "type": "object",
  "additionalProperties": {
   "$ref": "gate"
  }
 },
 "defaults": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "timeout": {
    "$ref": "limitOrTemplate"
   },
   "grace": {
    "$ref": "duration"
   },
   "due": {
    "$ref": "limitOrTemplate"
   },
   "on_timeout": {
    "$ref": "onTimeout"
   },
   "stall": {
    "$ref": "stall"
   },
   "failures": {
    "$ref": "failures"
   },
   "retry": {
    "$ref": "retry"
   },
   "interrupted": {
    "$ref": "interrupted"
   },
   "env": {
    "$ref": "environment"
   },
   "cwd": {
    "type": "string"
   },
   "shell": {
    "$ref": "shell"
   },
   "isolation": {
    "$ref": "isolation"
   },
   "sandbox": {
    "$ref": "sandbox",
    "x-not-yet-supported": "sandboxes come later; `isolation: worktree` and `permissions` work now"
   },
   "budget": {
    "$ref": "budget",
    "x-not-yet-supported": "budgets come with models"
   }
  }
 },
 "step": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "description": {
    "type": "string"
   },
   "run": {
    "$ref": "runText"
   },
   "agent": {
    "$ref": "agentChoice"
   },
   "task": {
    "$ref": "taskName"
   },
   "uses": {
    "$ref": "usesName"
   },
   "http": {
    "$ref": "http"
   },
   "pipeline": {
    "$ref": "dashedName"
   },
   "signal": {
    "$ref": "signalName"
   },
   "approval": {
    "$ref": "approval"
   },
   "ask": {
    "$ref": "ask"
   },
   "wait": {
    "$ref": "wait"
   },
   "with": {
    "$ref": "values"
   },
   "needs": {
    "$ref": "needs"
   },
   "quorum": {
    "anyOf": [
     {
      "$ref": "percent"
     },
     {
      "type": "integer"
     }
    ]
   },
   "when": {
    "$ref": "condition"
   },
   "timeout": {
    "$ref": "limitOrTemplate"
   },
   "grace": {
    "$ref": "duration"
   },
   "due": {
    "$ref": "limitOrTemplate"
   },
   "on_timeout": {
    "$ref": "onTimeout"
   },
   "stall": {
    "$ref": "stall"
   },
   "failures": {
    "$ref": "failures"
   },
   "retry": {
    "$ref": "retry"
   },
   "allow_failure": {
    "type": "boolean"
   },
   "effects": {
    "$ref": "effects"
   },
   "interrupted": {
    "$ref": "interrupted"
   },
   "env": {
    "$ref": "environment"
   },
   "cwd": {
    "type": "string"
   },
   "shell": {
    "$ref": "shell"
   },
   "outputs": {
    "$ref": "valueSchemas"
   },
   "checks": {
    "$ref": "checks"
   },
   "foreach": {
    "$ref": "foreach"
   },
   "repeat": {
    "$ref": "repeat"
   },
   "mutex": {
    "type": "string"
   },
   "isolation": {
    "$ref": "isolation"
   },
   "sandbox": {
    "$ref": "sandbox",
    "x-not-yet-supported": "sandboxes come later; `isolation: worktree` and `permissions` work now"
   },
   "owns": {
    "$ref": "owns"
   },
   "permissions": {
    "$ref": "permissions"
   },
   "project": {
    "type": "string",
    "x-not-yet-supported": "work in several repositories comes later"
   },
   "environment": {
    "type": "string",
    "x-not-yet-supported": "environments come later; `env` and `secrets` work now"
   },
   "phase": {
    "type": "string"
   },
   "budget": {
    "$ref": "budget",
    "x-not-yet-supported": "budgets come with models"
   },
   "cache": {
    "$ref": "cache",
    "x-not-yet-supported": "caching comes later; `when` can skip now"
   }
  }
 },
 "steps": {
  "type": "object",
  "additionalProperties": {
   "$ref": "step"
  }
 },
 "promptSource": {
  "anyOf": [
   {
    "type": "string"
   },
   {
    "$ref": "promptFile"
   }
  ]
 },
 "promptFile": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "file": {
    "type": "string"
   },
   "from": {
    "type": "string"
   }
  }
 },
 "task": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "description": {
    "type": "string"
   },
   "run": {
    "$ref": "runText"
   },
   "uses": {
    "$ref": "usesName"
   },
   "http": {
    "$ref": "http"
   },
   "prompt": {
    "$ref": "promptSource",
    "x-not-yet-supported": "tasks for models come later; `run`, `uses` and `http` work now"
   },
   "runner": {
    "enum": [
     "anthropic",
     "claude-code",
     "shell"
    ],
    "x-not-yet-supported": "tasks for models come later; `run`, `uses` and `http` work now"
   },
   "tier": {
    "type": "string",
    "x-not-yet-supported": "model tiers come with models"
   },
   "tools": {
    "type": "array",
    "items": {
     "type": "string"
    },
    "x-not-yet-supported": "tools come with models"
   },
   "inputs": {
    "$ref": "valueSchemas"
   },
   "outputs": {
    "$ref": "valueSchemas"
   },
   "with": {
    "$ref": "values"
   },
   "timeout": {
    "$ref": "limitOrTemplate"
   },
   "grace": {
    "$ref": "duration"
   },
   "stall": {
    "$ref": "stall"
   },
   "failures": {
    "$ref": "failures"
   },
   "retry": {
    "$ref": "retry"
   },
   "effects": {
    "$ref": "effects"
   },
   "interrupted": {
    "$ref": "interrupted"
   },
   "env": {
    "$ref": "environment"
   },
   "cwd": {
    "type": "string"
   },
   "shell": {
    "$ref": "shell"
   },
   "mutex": {
    "type": "string"
   },
   "checks": {
    "$ref": "checks"
   },
   "isolation": {
    "$ref": "isolation"
   },
   "sandbox": {
    "$ref": "sandbox",
    "x-not-yet-supported": "sandboxes come later; `isolation: worktree` and `permissions` work now"
   },
   "owns": {
    "$ref": "owns"
   },
   "permissions": {
    "$ref": "permissions"
   },
   "budget": {
    "$ref": "budget",
    "x-not-yet-supported": "budgets come with models"
   }
  }
 },
 "agent": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "description": {
    "type": "string"
   },
   "tier": {
    "type": "string",
    "x-not-yet-supported": "model tiers come with models"
   },
   "prompt": {
    "$ref": "promptSource",
    "x-not-yet-supported": "prompts come with models"
   },
   "tools": {
    "type": "array",
    "items": {
     "type": "string"
    },
    "x-not-yet-supported": "tools come with models"
   },
   "owns": {
    "$ref": "owns"
   },
   "permissions": {
    "$ref": "permissions"
   },
   "max_parallel": {
    "type": "integer"
   },
   "defaults": {
    "$ref": "defaults"
   },
   "failures": {
    "$ref": "failures"
   },
   "tasks": {
    "type": "object",
    "additionalProperties": {
     "$ref": "task"
    }
   },
   "checks": {
    "$ref": "checks"
   }
  }
 },
 "agents": {
  "type": "object",
  "additionalProperties": {
   "$ref": "agent"
  }
 },
 "modelTier": {
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "line": {
    "type": "string"
   },
   "fallback": {
    "type": "array",
    "items": {
     "type": "string"
    }
   }
  }
 },
 "models": {
  "type": "object",
  "additionalProperties": {
   "$ref": "modelTier"
  }
 }
}
