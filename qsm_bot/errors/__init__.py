"""Everything that can go wrong, by who must act.

    QsmBotError                     80
    ├── InputInvalid                60  settings, rules, plan: the user mends a file or a command
    │   ├── UsageInvalid  SettingsInvalid  NotLive  RulesInvalid  CasesInvalid  PackInvalid
    │   ├── ReasonTextInvalid  RulesMissing  RealHost  CloneUrlInvalid  KitMissing
    │   ├── LastRunUnreadable  BrowserSettingInvalid
    │   ├── PlanNotFound  PlanAmbiguous  PlanUnreadable  PlanTampered  PlanExpired  PlanStale
    │   ├── PlanNotApproved  NoStandingOrder  BeyondStandingOrder  LedgerTooNew  RunNotFound
    │   ├── FileExists  FileUnwritable  SheetUnreadable  PortTaken  DutyNotOpen
    │   ├── SavedSignInOpen  NoSignIn  KeyringUnusable  ScreenMissing  QapiKeyInvalid
    │   └── EvidenceInvalid             orders that need this evidence go to a person
    │       └── EvidenceMissing  EvidenceStale  EvidenceUnfinished  EncodingUnknown
    │           SheetUnclear  HeadingMissing  ExtraColumnMissing  OrderNumberDamaged
    ├── PersonDeclined              10  a person said no
    ├── RunStopped  RunTimeUp       20  a person asked the run to end, or its time is up
    ├── TooManyUnknown  NobodyPointed  30  a person looks, or points, first
    ├── ShipmentUnknown             30  the same
    ├── DutyInTheWay                30  what was refused must be shipped first
    │   └── PastCutoff  CarrierGone  DutiesOverdue
    ├── SignInError                 40  a person signs in
    │   └── SignInFailed  SignInNeedsPerson  WrongShop  SessionEnded
    │       SavedSignInDamaged  SavedSignInLocked  SavedSignInOfOther
    ├── PortalError                 50  later, by itself
    │   ├── PortalUnreachable  PortalSlow  PortalErrorPage
    │   └── QapiUnreachable  QapiSilent  QapiAnswerUnknown  QapiTurnedDown
    ├── ShopBusy  LedgerBusy        70  another run
    ├── MachineError                80  this computer
    │   └── BrowserMissing  BrowserLost  LedgerCorrupt  EvidenceUnwritable  ExportBroken
    │       TimerToolMissing  TimerToolFailed  OutputUnwritable
    ├── SafetyStop                  90  the portal is not as known: nothing more is done
    │   └── LimitExceeded  CountMismatch  SelectorDrift  ConfirmTextChanged
    │       UnexpectedDialog  ButtonAmbiguous  ClockSkew  TurnedDown  SecretSurvives
    └── OrderProblem                20  this order only; the run goes on with the next
        └── RowGone  RowChanged  RowDuplicate  WrongOrderOpened  DetailNotOpened  ReasonMissing
            ReadBackMismatch  ConfirmMissing  NotEligible  AlreadyAttempted  NothingToOpen
            ShipmentTurnedDown  ShippedOtherwise  NotToShip

Each class says what happened, what that means for the orders and what to do
next, in English and Japanese.
"""

from qsm_bot.errors.acceptance import CloneUrlInvalid, KitMissing, LastRunUnreadable, RealHost
from qsm_bot.errors.base import QsmBotError
from qsm_bot.errors.evidence import (
    EncodingUnknown,
    EvidenceInvalid,
    EvidenceMissing,
    EvidenceStale,
    EvidenceUnfinished,
    ExtraColumnMissing,
    HeadingMissing,
    OrderNumberDamaged,
    SheetUnclear,
)
from qsm_bot.errors.inputs import (
    BeyondStandingOrder,
    BrowserSettingInvalid,
    CasesInvalid,
    DutyNotOpen,
    FileExists,
    FileUnwritable,
    InputInvalid,
    KeyringUnusable,
    LedgerTooNew,
    NoSignIn,
    NoStandingOrder,
    NotLive,
    PackInvalid,
    PlanAmbiguous,
    PlanExpired,
    PlanNotApproved,
    PlanNotFound,
    PlanStale,
    PlanTampered,
    PlanUnreadable,
    PortTaken,
    ReasonTextInvalid,
    RulesInvalid,
    RulesMissing,
    RunNotFound,
    SavedSignInOpen,
    ScreenMissing,
    SettingsInvalid,
    SheetUnreadable,
    UsageInvalid,
)
from qsm_bot.errors.orders import (
    AlreadyAttempted,
    ConfirmMissing,
    DetailNotOpened,
    NotEligible,
    NothingToOpen,
    OrderProblem,
    ReadBackMismatch,
    ReasonMissing,
    RowChanged,
    RowDuplicate,
    RowGone,
    WrongOrderOpened,
)
from qsm_bot.errors.outside import (
    BrowserLost,
    BrowserMissing,
    EvidenceUnwritable,
    ExportBroken,
    LedgerBusy,
    LedgerCorrupt,
    MachineError,
    OutputUnwritable,
    PortalError,
    PortalErrorPage,
    PortalSlow,
    PortalUnreachable,
    ShopBusy,
    TimerToolFailed,
    TimerToolMissing,
)
from qsm_bot.errors.people import (
    CarrierGone,
    DutiesOverdue,
    DutyInTheWay,
    NobodyPointed,
    PastCutoff,
    PersonDeclined,
    RunStopped,
    RunTimeUp,
    SavedSignInDamaged,
    SavedSignInLocked,
    SavedSignInOfOther,
    SessionEnded,
    SignInError,
    SignInFailed,
    SignInNeedsPerson,
    TooManyUnknown,
    WrongShop,
)
from qsm_bot.errors.qapi import (
    NotToShip,
    QapiAnswerUnknown,
    QapiKeyInvalid,
    QapiSilent,
    QapiTurnedDown,
    QapiUnreachable,
    ShipmentTurnedDown,
    ShipmentUnknown,
    ShippedOtherwise,
)
from qsm_bot.errors.safety import (
    ButtonAmbiguous,
    ClockSkew,
    ConfirmTextChanged,
    CountMismatch,
    LimitExceeded,
    SafetyStop,
    SecretSurvives,
    SelectorDrift,
    TurnedDown,
    UnexpectedDialog,
)

__all__ = [
    "AlreadyAttempted",
    "BeyondStandingOrder",
    "BrowserLost",
    "BrowserMissing",
    "BrowserSettingInvalid",
    "ButtonAmbiguous",
    "CarrierGone",
    "CasesInvalid",
    "ClockSkew",
    "CloneUrlInvalid",
    "ConfirmMissing",
    "ConfirmTextChanged",
    "CountMismatch",
    "DetailNotOpened",
    "DutiesOverdue",
    "DutyInTheWay",
    "DutyNotOpen",
    "EncodingUnknown",
    "EvidenceInvalid",
    "EvidenceMissing",
    "EvidenceStale",
    "EvidenceUnfinished",
    "EvidenceUnwritable",
    "ExportBroken",
    "ExtraColumnMissing",
    "FileExists",
    "FileUnwritable",
    "HeadingMissing",
    "InputInvalid",
    "KeyringUnusable",
    "KitMissing",
    "LastRunUnreadable",
    "LedgerBusy",
    "LedgerCorrupt",
    "LedgerTooNew",
    "LimitExceeded",
    "MachineError",
    "NoSignIn",
    "NoStandingOrder",
    "NobodyPointed",
    "NotEligible",
    "NotLive",
    "NotToShip",
    "NothingToOpen",
    "OrderNumberDamaged",
    "OrderProblem",
    "OutputUnwritable",
    "PackInvalid",
    "PastCutoff",
    "PersonDeclined",
    "PlanAmbiguous",
    "PlanExpired",
    "PlanNotApproved",
    "PlanNotFound",
    "PlanStale",
    "PlanTampered",
    "PlanUnreadable",
    "PortTaken",
    "PortalError",
    "PortalErrorPage",
    "PortalSlow",
    "PortalUnreachable",
    "QapiAnswerUnknown",
    "QapiKeyInvalid",
    "QapiSilent",
    "QapiTurnedDown",
    "QapiUnreachable",
    "QsmBotError",
    "ReadBackMismatch",
    "RealHost",
    "ReasonMissing",
    "ReasonTextInvalid",
    "RowChanged",
    "RowDuplicate",
    "RowGone",
    "RulesInvalid",
    "RulesMissing",
    "RunNotFound",
    "RunStopped",
    "RunTimeUp",
    "SafetyStop",
    "SavedSignInDamaged",
    "SavedSignInLocked",
    "SavedSignInOfOther",
    "SavedSignInOpen",
    "ScreenMissing",
    "SecretSurvives",
    "SelectorDrift",
    "SessionEnded",
    "SettingsInvalid",
    "SheetUnclear",
    "SheetUnreadable",
    "ShipmentTurnedDown",
    "ShipmentUnknown",
    "ShippedOtherwise",
    "ShopBusy",
    "SignInError",
    "SignInFailed",
    "SignInNeedsPerson",
    "TimerToolFailed",
    "TimerToolMissing",
    "TooManyUnknown",
    "TurnedDown",
    "UnexpectedDialog",
    "UsageInvalid",
    "WrongOrderOpened",
    "WrongShop",
]
