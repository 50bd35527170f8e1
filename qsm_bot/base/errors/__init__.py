"""Everything that can go wrong, by who must act.

    QsmBotError                     80
    ├── InputInvalid                60  settings, rules, plan: the user mends a file or a command
    │   ├── UsageInvalid  SettingsInvalid  ShopNotChosen  NotLive  RulesInvalid  CasesInvalid
    │   ├── PackInvalid  ReasonTextInvalid  RulesMissing  RealHost  CloneUrlInvalid  KitMissing
    │   ├── LastRunUnreadable  BrowserSettingInvalid  RulesMisnamed  SettingsMisnamed
    │   ├── PlanNotFound  PlanAmbiguous  PlanRowUnknown  PlanUnreadable  PlanTampered  PlanExpired
    │   ├── PlanStale  PlanReplaced  PlanNotApproved  PlanNotMadeHere  NoStandingOrder
    │   ├── BeyondStandingOrder  LedgerTooNew  RunNotFound
    │   ├── FileExists  FileUnwritable  SheetUnreadable  PortTaken  DutyNotOpen  DutyClosed
    │   ├── SavedSignInOpen  NoSignIn  KeyringUnusable  ScreenMissing  QapiKeyInvalid
    │   ├── QapiNotPermitted  QapiKeyExpired
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
    │   └── SignInFailed  SignInNeedsPerson  SignInHeld  WrongShop  ShopNotProven
    │       SessionEnded  SavedSignInDamaged  SavedSignInLocked  SavedSignInOfOther
    ├── PortalError                 50  later, by itself
    │   ├── PortalUnreachable  PortalSlow  PortalErrorPage  PortalResting
    │   └── QapiUnreachable  QapiSilent  QapiAnswerUnknown  QapiTurnedDown
    ├── ShopBusy  LedgerBusy        70  another run
    ├── MachineError                80  this computer
    │   └── BrowserMissing  BrowserLost  LedgerCorrupt  LedgerFailed  ExportBroken
    │       EvidenceUnwritable  OutputUnwritable  TimerToolMissing  TimerToolFailed
    ├── LedgerRuleBroken            80  the program asked for an entry that the ledger forbids
    │   └── IllegalTransition
    ├── SafetyStop                  90  the portal is not as known: nothing more is done
    │   └── LimitExceeded  LedgerForgot  CountMismatch  SelectorDrift  ConfirmTextChanged
    │       UnexpectedDialog  ButtonAmbiguous  ClockSkew  TurnedDown  SecretSurvives
    │       ClickStopped  ClickUnseen  AnotherOrderNamed  PortalContradicts  OtherOrigin
    │       UnknownLayer  LayerInTheWay
    └── OrderProblem                20  this order only; the run goes on with the next
        └── RowGone  RowChanged  FactsChanged  LeftOut  RowDuplicate  WrongOrderOpened
            DetailNotOpened  ReasonMissing  ReadBackMismatch  ConfirmMissing  NotEligible
            AlreadyAttempted  NothingToOpen  ShipmentTurnedDown  ShippedOtherwise  NotToShip

Each class says what happened, what that means for the orders and what to do
next, in English and Japanese.
"""
